package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.Boot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines and their answers, on one shell with a machine that stands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinesTest {
  private TypedShell t;

  @BeforeAll
  void open() throws Exception {
    t = new TypedShell("dumb", "ssr-packed", "shell,steady0,steady1,steady2");
    t.session().runTo(2 * Boot.BOOTED);
    t.open();
  }

  @AfterAll
  void close() throws Exception {
    t.close();
  }

  private String answer(String line) throws Exception {
    return t.answer(line);
  }

  // ---- every command

  @Test
  void everyCommandHasHelpWithExamples() throws Exception {
    TreeSet<String> names = new TreeSet<>();
    for (String line : answer("help").split("\n")) {
      Matcher m = Pattern.compile("^  ([a-z-]+) +\\S.*").matcher(line);
      if (m.matches()) {
        names.add(m.group(1));
      }
    }
    assertTrue(names.size() > 45, names::toString);
    for (String name : names) {
      String help = answer("help " + name);
      assertTrue(help.startsWith(name), help);
      assertTrue(help.contains("Examples:\n"), help);
      String[] parts = help.split("Examples:\n");
      assertTrue(parts[1].contains(name), help);
      for (String line : help.split("\n")) {
        assertTrue(line.length() <= 110, () -> "fits a terminal: " + line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services",
        "clients",
        "threads",
        "ssr",
        "ssr store",
        "handles steady0",
        "memory",
        "events",
        "events -c",
        "calls 5",
        "log",
        "policy",
        "regs",
        "x /4xw $sp",
        "x /3i $pc",
        "x /s boot_arguments",
        "print $r0 + 1",
        "disas store.put",
        "list store.put",
        "bt",
        "bt steady0",
        "info symbol $pc",
        "info line store.cc:31",
        "info files",
        "info functions put",
        "info registers",
        "break",
        "mmu $pc",
        "devices",
        "snapshot",
        "alias"
      })
  void listingsAreValidJson(String line) throws Exception {
    answer("break store.put if $r1 == 3; snapshot here; alias q1='echo \"\\'");
    String[] rows = answer(line + " --json").split("\n");
    for (String row : rows) {
      assertFalse(Json.object(row).isEmpty(), row);
    }
    assertFalse(answer(line).startsWith("{"), "and readable without");
  }

  // ---- bad input

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "servces > servces: no such command; did you mean services?",
        "zzz > zzz: no such command; help lists them",
        "de > de: this can be delete, devices; say more of it",
        "crash > crash: Missing required parameter: 'SERVICE'",
        "crash stor > stor: no such service; did you mean store?",
        "crash store abrt > abrt: no such crash; did you mean abort?",
        "crash store bitflip r99 3 > $r99: no such register",
        "crash store bitflip r0 32 > 32: a bit from 0 to 31",
        "crash store ssr 1234 0 0 > 1234: no state has this ID; ssr lists them",
        "crash store --at 0 > --at 0: 1 is the next request",
        "crash store --client steady9 > steady9: no such object",
        "crash store abort now > abort takes nothing more",
        "crash store --sudden > Unknown option: '--sudden'",
        "break nowhere > nowhere: neither a symbol nor a number",
        "break stor.cc:31 > stor.cc: no source file with code; did you mean store.cc?",
        "break store.cc:9999 > there is no code at this line or behind it",
        "break store.put if > an expression is missing",
        "break store.put if $r1 == > something is missing at the end",
        "print 1 / 0 > division by zero",
        "print (1 + 2 > ) is missing",
        "print $r77 > no such register",
        "print *0xfffffff0 > there is no memory at fffffff0",
        "x /9q $sp > a count, a letter of",
        "x nothingness > nothingness: neither a symbol nor a number",
        "delete 7 > 7: there is no such breakpoint",
        "back @99999999999 > is yet to come",
        "back 99999999999 > that is before the start",
        "until @1 > is over; back @1 goes there",
        "restore nothing > no snapshot has this name, and there is no such file",
        "policy best > best: no such policy; there are none",
        "policy snapshot > snapshot: no such policy",
        "ssr show zz > zz: no state has this ID",
        "handles stor > stor: no such object; did you mean store?",
        "bt nobody > nobody: no thread has this number",
        "unalias nothing > nothing: no such alias",
        "alias stop=cont > stop: this is a command; take another name",
        "source /nowhere > /nowhere: no such file",
        "services | gerp store > | gerp: no such filter; did you mean grep?",
        "services | grep > | grep: give [-i] [-v] and one pattern",
        "services | grep ( > Unclosed group",
        "services | head x > | head: give a number of lines",
        "| grep x > a command is missing ahead of |",
        "help nothing > nothing: no such command",
        "info nonsense > say info symbol",
        "set $r0 > set: say what is to be what",
        "set nonsense = 5 > nonsense: set a $register",
        "catch falut > falut: no such event; did you mean fault?",
        "reverse-cont > nothing would stop the machine",
        "console x > Unmatched argument",
        "top > top needs a terminal that can move its cursor",
        "gdb 99999 > no such port",
        "step x > 'x' is not a long"
      })
  void badInputIsExplained(String line, String says) throws Exception {
    String answer = answer(line);
    assertTrue(answer.contains(says), () -> says + " in:\n" + answer);
    assertFalse(answer.contains("\tat "), answer);
    assertFalse(answer.contains("fault of this program"), answer);
  }

  // ---- lines

  @Test
  void quotesKeepSignsTogether() throws Exception {
    assertEquals("1", answer("services | grep 'names|nothing' | count"));
    assertEquals("0", answer("services | grep \"a;b\" | count"));
    assertEquals("7", answer("services | grep -v service | count # services; top"));
    String two = answer("policy; policy | count");
    assertTrue(two.contains("ssr-packed") && two.endsWith("1"), two);
  }

  @Test
  void aliasesAndFiles(@TempDir Path folder) throws Exception {
    answer("alias st='ssr store'; alias both='policy; st | count'");
    assertEquals("5", answer("st | count"));
    assertTrue(answer("both").endsWith("\n5"));
    Path file =
        Files.write(
            folder.resolve("commands"), List.of("# look", "st | count", "nonsense", "policy"));
    String text = answer("source " + file);
    assertTrue(text.contains("> st | count\n5\n"), text);
    assertTrue(text.contains("stopped at the line: nonsense"), text);
    assertFalse(text.contains("> policy"), text);
    answer("alias loop=loop");
    assertTrue(answer("loop").contains("this alias leads to itself"));
    answer("unalias loop; unalias st; unalias both");
    assertTrue(answer("alias").contains("no aliases"));
  }
}
