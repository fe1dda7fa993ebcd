package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.tests.JsonReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines and their answers, on one shell with a stopped machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinesTest {
  private TypedShell t;

  @BeforeAll
  void open() throws Exception {
    t = TypedShell.stopped();
  }

  @AfterAll
  void close() throws Exception {
    t.close();
  }

  private String answer(String line) throws Exception {
    return t.answer(line);
  }

  // ---- every command

  /** The commands that there are, from the shell itself. */
  private Set<String> commands() throws Exception {
    Set<String> names = new TreeSet<>();
    for (String row : answer("help --json").split("\n")) {
      names.add((String) JsonReader.object(row).get("command"));
    }
    return names;
  }

  @Test
  void everyCommandHasHelpWithExamples() throws Exception {
    String overview = answer("help");
    Set<String> listed = new TreeSet<>();
    Matcher m = Pattern.compile("(?m)^  ([a-z-]+)  +\\S").matcher(overview);
    while (m.find()) {
      listed.add(m.group(1));
    }
    assertEquals(commands(), listed, "help lists them all");
    for (String line : overview.split("\n")) {
      assertTrue(line.length() < 100 && !line.startsWith("   "), () -> "a line each: " + line);
    }
    for (String name : listed) {
      String help = answer("help " + name);
      assertTrue(help.startsWith(name), help);
      assertTrue(help.contains("Examples:\n"), help);
      assertTrue(help.split("Examples:\n")[1].contains(name), help);
      assertFalse(Pattern.compile("(?m)^  -.*  $").matcher(help).find(), "an option is explained");
      for (String line : help.split("\n")) {
        assertTrue(line.length() <= 100, () -> "fits a terminal: " + line);
      }
    }
  }

  /** Commands that take the terminal or end the shell: {@link TerminalTest} has them. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "bookmark",
          "console",
          "core",
          "down",
          "frame",
          "last-write",
          "packets",
          "ptype",
          "quit",
          "screen",
          "top",
          "up",
          "when");

  /** A line for each command, and what is in its answer. */
  private static final String EACH =
      """
      alias > alias sv='services'; sv > store +active
      awatch > delete; awatch $sp 16; until @100,000,000 > access watchpoint \\d+, \\w+.*, 16 bytes
      back > step 7; back 7 > tick [0-9,]+
      break > delete; break store.put; until @100,000,000 > breakpoint \\d+, \\w+ put at
      bt > until store.put; bt > in store.put\\n  #0 .* <put>(?s:.*)in steady
      calls > calls 5 > store\\.|timer\\.|sched\\.|counter\\.
      campaign > campaign report nowhere > nowhere
      catch > delete; catch fault; crash counter abort > catchpoint \\d+, fault: counter
      clients > clients > steady0 +active
      cont > delete; cont; stop > tick
      crash > delete; step 20000; crash counter undef > detected   undefined instruction
      delete > break store.put; delete; info break > no breakpoints or watchpoints
      devices > devices > 101f1000 .*uart
      disable > delete; break store.put; disable; info break > breakpoint +no
      disk > disk > 32,768 +0 +0 +0 +yes +no
      disas > disas store.put 3 > <put\\+8>
      enable > disable; enable; info break > breakpoint +yes
      export > export > give an output
      events > events 3 > (?s:.*\\n){3}
      files > files > none
      finish > delete; until store.get; finish > r0 is -?\\d
      gdb > gdb 0; gdb off > 127.0.0.1|loopback|port
      handles > handles steady0 > put,get
      help > help crash > bitflip REGISTER BIT
      history > policy; history 1 > \\d+  policy; history 1
      info > info symbol store.put > put at services/store.cc
      list > list store.put > static i32 put
      log > log 5 > \\d
      memory > memory > store +service
      mmu > mmu 0x10000 > section, domain 0
      next > next > =>
      output > output > \\S
      policy > policy > ssr-packed
      print > print 6 * 7 > 42  0x2a
      reboot > reboot; until @4,000,000 > rebooted
      regs > regs > cpsr
      restore > snapshot one; restore one > restored
      reverse-cont > until store.put; delete; break store.get; reverse-cont > breakpoint \\d+, \\w+ get
      reverse-step > step 3; reverse-step 3 > tick
      rwatch > delete; rwatch $sp 64; until @100,000,000 > read watchpoint
      script > script FILE > \\d clients
      services > services > store +active
      set > set $r5 = 77; print $r5 > 77
      sockets > sockets > none
      snapshot > snapshot two; snapshot > two +[0-9,]+
      source > source COMMANDS > > policy\\nssr-packed
      ssr > ssr store > packed
      step > step 2 > =>
      stop > stop > tick
      tbreak > delete; tbreak store.get; until @100,000,000; info break > no breakpoints
      threads > threads > steady0
      type > type get 7 > get:
      unalias > alias gone=policy; unalias gone; alias > ^(?!.*gone=)
      until > delete; until timer.wait > =>
      watch > delete; watch $r4; until @100,000,000 > watchpoint \\d+, \\$r4
      x > x /2xw $sp > 0x
      """;

  @Test
  void everyCommandDoesWhatItsHelpSays(@TempDir Path folder) throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("count.js"), "print(machine.clients.length + \" clients\")\n");
    Path commands = Files.writeString(folder.resolve("commands"), "policy\n");
    Set<String> tested = new TreeSet<>(ELSEWHERE);
    for (String row : EACH.strip().split("\n")) {
      String[] parts = row.split(" > ", 3);
      tested.add(parts[0]);
      String line =
          parts[1].replace("FILE", script.toString()).replace("COMMANDS", commands.toString());
      String answer = answer(line);
      assertTrue(
          Pattern.compile(parts[2]).matcher(answer).find(),
          () -> line + " should give " + parts[2] + " and gives:\n" + answer);
    }
    answer("delete; unalias sv");
    assertEquals(commands(), tested, "each command has a line here");
  }

  @Test
  void noCommandTakesNonsense() throws Exception {
    for (String name : commands()) {
      String answer = answer(name + " --nonsense 1 2 3 nonsense");
      assertTrue(
          answer.contains("nonsense") || answer.matches("(?s).*(usage:|: (say|give|use)) .*"),
          () -> name + ": " + answer);
      assertFalse(answer.contains("\tat ") || answer.contains("internal error"), answer);
    }
    assertEquals("1", answer("policy | count"), "and the session goes on");
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
        "info line store.cc:43",
        "info files",
        "info functions put",
        "info registers",
        "break",
        "mmu $pc",
        "devices",
        "disk",
        "snapshot",
        "alias",
        "crash counter abort",
        "help",
        "help crash"
      })
  void listingsAreValidJson(String line) throws Exception {
    answer("break store.put if $r1 == 0x7eadbeef; snapshot here; alias q1='echo \"\\'");
    String[] rows = answer(line + " --json").split("\n");
    for (String row : rows) {
      assertFalse(JsonReader.object(row).isEmpty(), row);
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
        "de > de: ambiguous: delete, devices; type more letters",
        "disk frob > disk frob: use disk, disk save FILE, disk eject or disk insert",
        "disk save /no/such/folder > folder: cannot be written; make its folder first",
        "crash > crash: Missing required parameter: 'SERVICE'",
        "crash stor > stor: no such service; did you mean store?",
        "crash store abrt > abrt: no such crash; did you mean abort?",
        "crash store bitflip r99 3 > $r99: no such register",
        "crash store bitflip r0 32 > 32: a bit from 0 to 31",
        "crash store ssr 1234 0 0 > 1234: no state has this ID; ssr lists them",
        "crash store --at 0 > --at 0: 1 is the next request",
        "crash store --client steady9 > steady9: no such object",
        "crash store abort now > crash: abort takes no further arguments",
        "crash store --sudden > Unknown option: '--sudden'",
        "break nowhere > nowhere: neither a variable, a symbol nor a number",
        "break stor.cc:31 > stor.cc: no source file with code; did you mean store.cc?",
        "break store.cc:9999 > there is no code at this line or after it",
        "break store.put if > an expression is missing",
        "break store.put if $r1 == > something is missing at the end",
        "print 1 / 0 > division by zero",
        "print (1 + 2 > ) is missing",
        "print $r77 > no such register",
        "print *0xfffffff0 > there is no memory at fffffff0",
        "x /9q $sp > a count, a letter of",
        "x nothingness > nothingness: neither a variable, a symbol nor a number",
        "delete 77777 > 77777: there is no such breakpoint",
        "back event falut > falut: no such event; did you mean fault?",
        "back 5 fault > back 5: takes no further arguments",
        "back @99999999999 > is in the future",
        "back 99999999999 > that is before the start",
        "until @1 > is in the past; back @1 goes there",
        "restore nothing > no snapshot has this name, and there is no such file",
        "policy best > best: no such policy; there are none",
        "policy snapshot > snapshot: no such policy",
        "ssr show zz > zz: no state has this ID",
        "handles stor > stor: no such object; did you mean store?",
        "bt nobody > nobody: no thread has this number",
        "unalias nothing > nothing: no such alias",
        "alias stop=cont > stop: this is a command; choose another name",
        "source /nowhere > /nowhere: no such file",
        "services | gerp store > | gerp: no such filter; did you mean grep?",
        "services | grep > | grep: give [-i] [-v] and one pattern",
        "services | grep ( > Unclosed group",
        "services | head x > | head: give a number of lines",
        "| grep x > a command is missing before |",
        "help nothing > nothing: no such command",
        "info nonsense > use info symbol",
        "set $r0 > set: give a target and a value",
        "set nothingness = 5 > nothingness: neither a variable, a symbol nor a number",
        "set objects = 5 > objects: set a $register",
        "catch falut > falut: no such event; did you mean fault?",
        "reverse-cont > nothing would stop the machine",
        "console x > Unmatched argument",
        "top > top needs a terminal that can move its cursor",
        "gdb 99999 > no such port",
        "step x > step x: give a count of 1 or more",
        "step 0 > step 0: give a count of 1 or more",
        "step -1 > step -1: give a count of 1 or more; reverse-step goes back",
        "step -l 0 > step 0: give a count",
        "next 0 > next 0: give a count of 1 or more",
        "next -3 > next -3: give a count of 1 or more",
        "back 0 > back 0: give a count of 1 or more",
        "back -5 > back -5: give a count of 1 or more",
        "reverse-step 0 > give a count of 1 or more",
        "events 0 > events 0: give a count from 1 to 100,000",
        "calls -1 > calls -1: give a count from 1 to 10,000",
        "log 0 > log 0: give a count",
        "output 0 > output 0: give a count",
        "history 0 > history 0: give a count",
        "disas $pc 0 > disas 0: give a count from 1 to",
        "services | sort cals > | sort: cals: no such column; did you mean calls?",
        "services | where cals = 1 > | where: cals: no such column; did you mean calls?",
        "services | where restarts > | where: give a column, one of = != < <= > >=, and a value",
        "services | where restarts = few > restarts is a number, and 'few' is none",
        "policy | sort calls > | sort calls: this output has no columns",
        "crash names state > names keeps no states, and cannot crash through one; console",
        "reboot nosuch > nosuch: no such client; there are mixed, timers",
        "reboot shell,stedy0 > stedy0: no such client; did you mean steady0?",
        "reboot shell,,mixed > clients 'shell,,mixed': a name is missing"
      })
  void badInputIsExplained(String line, String says) throws Exception {
    String answer = answer(line);
    assertTrue(answer.contains(says), () -> says + " in:\n" + answer);
    assertFalse(answer.contains("\tat "), answer);
    assertFalse(answer.contains("internal error"), answer);
  }

  // ---- lines

  @Test
  void quotesKeepSignsTogether() throws Exception {
    assertEquals("1", answer("services | grep 'names|nothing' | count"));
    assertEquals("0", answer("services | grep \"a;b\" | count"));
    assertEquals("14", answer("services | grep -v service | count # services; top"));
    String two = answer("policy; policy | count");
    assertTrue(two.contains("ssr-packed") && two.endsWith("1"), two);
  }

  @Test
  void filtersKnowHeaderAndColumns() throws Exception {
    String header = answer("services").lines().findFirst().orElseThrow();
    List<String> sorted = answer("services | sort calls").lines().toList();
    assertEquals(header, sorted.get(0));
    List<Integer> calls =
        sorted.stream()
            .skip(1)
            .map(l -> Integer.parseInt(l.split(" +")[2].replace(",", "")))
            .toList();
    assertEquals(calls.stream().sorted().toList(), calls, "by value, not by digits");
    assertEquals(14, calls.size());
    List<String> backward = answer("services | sort -r calls").lines().toList();
    assertEquals(header, backward.get(0));
    assertEquals(sorted.getLast(), backward.get(1));
    assertEquals(
        List.of(header, backward.get(1), backward.get(2)),
        answer("services | sort -r calls | head 2").lines().toList());
    assertEquals(
        List.of(header, sorted.getLast()),
        answer("services | sort calls | tail 1").lines().toList());
    assertEquals("14", answer("services | count"));
    assertEquals("14", answer("services --json | count"));
    assertEquals("13", answer("services | where service != store | count"));
    assertEquals(header, answer("services | where calls < 0"));
    assertTrue(answer("services | where calls >= 1 | where service = store").contains("\nstore "));
    assertEquals("0", answer("events | where 'event' = nothing | count"));
    assertEquals("0", answer("info functions no_such_function | count"), "none is no row");
    assertTrue(answer("services | sort last fault").startsWith(header), "as the header has it");
    assertTrue(
        answer("services --json | sort -r calls | where service = store")
            .startsWith("{\"service\":\"store\""));
    assertTrue(answer("help where").contains("services | where restarts > 0"));
  }

  @Test
  void aliasesAndFiles(@TempDir Path folder) throws Exception {
    answer("alias st='ssr store'; alias both='policy; st | count'");
    assertEquals("4", answer("st | count"));
    assertTrue(answer("both").endsWith("\n4"));
    Path file =
        Files.write(
            folder.resolve("commands"), List.of("# look", "st | count", "nonsense", "policy"));
    String text = answer("source " + file);
    assertTrue(text.contains("> st | count\n4\n"), text);
    assertTrue(text.contains("stopped at the line: nonsense"), text);
    assertFalse(text.contains("> policy"), text);
    answer("alias loop=loop");
    assertTrue(answer("loop").contains("this alias refers to itself"));
    answer("unalias loop; unalias st; unalias both");
    for (String name : answer("alias --json").split("\n")) {
      answer(name.isEmpty() ? "" : "unalias " + JsonReader.object(name).get("alias"));
    }
    assertTrue(answer("alias").contains("no aliases"));
  }
}
