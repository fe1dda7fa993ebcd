package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** C++ variables and types in the shell, at a request of the store. */
class VariablesTest {
  private static TypedShell shell;

  @BeforeAll
  static void open() throws Exception {
    shell = TypedShell.stopped();
    for (int i = 0; i < 50 && !answer("print key").equals("24  0x18"); i++) {
      says("until store.put", "services/store.cc:43");
    }
  }

  @AfterAll
  static void close() throws Exception {
    shell.close();
  }

  private static String answer(String line) throws Exception {
    return shell.answer(line).strip();
  }

  private static void says(String line, String... parts) throws Exception {
    String answer = answer(line);
    for (String part : parts) {
      assertTrue(answer.contains(part), () -> line + ": " + part + " in:\n" + answer);
    }
  }

  @Test
  void valuesAndPlaces() throws Exception {
    assertEquals("24  0x18", answer("print key"));
    assertEquals("25  0x19", answer("print key + 1"));
    says("print s", "(curios::State *) 0x");
    says("print *s", "tag = 1398013953", "{key = 3, value = ", "} <repeats ");
    assertEquals("{key = 0x3, value = ", answer("print/x s->pairs[0]").substring(0, 20));
    says("print &s->count", "(curios::u32 *) 0x");
    assertEquals(answer("print s->count"), answer("print *&(*s).count"));
    says("print &event_count", "<event_count>");
    says("print event_count", "  0x");
    says(
        "print boot_arguments", "\"policy=ssr-packed run=shell,steady0,steady1,steady2\", '\\000'");
    assertEquals("1  0x1", answer("print policy == SSR_PACKED"));
    assertEquals("curios::Policy::SSR_PACKED", answer("print policy"));
    assertEquals(answer("print *s"), answer("print *(State *)$r0"));
    assertEquals("1  0x1", answer("print (u32)-1 > 5"));
    says("print put", "curios::i32 (curios::State *, curios::u32, curios::u32)", "<put>");
    says("print --json s->pairs[0].key", "\"value\":3", "\"type\":\"curios::u32\"");
  }

  @Test
  void wordsOfAStructure() throws Exception {
    assertEquals(answer("x/2xw s"), answer("x/2xw *s"));
    says("x/2xw &s->guard.tag", "0x53540001");
  }

  @Test
  void localsOfCallers() throws Exception {
    says("info args", "s = (curios::State *) 0x", "key = 24", "value = ");
    says("info locals", "i = <optimised out>");
    says("up", "#1 ", "<use_store+");
    says("frame", "#1 ");
    says("info locals", "in trap, inlined at line ", "in use_store");
    says("print report", "group = 0x", "\"steady\"");
    says("print s->count", "there is no variable of this name");
    says("down", "#0 ", "<put>");
    says("down", "frame 0 is the innermost one");
    says("frame 99", "is the outermost one; bt lists them");
  }

  @Test
  void types() throws Exception {
    assertEquals(
        """
        type = struct curios::State {
          curios::(anonymous namespace)::Guarded guard;
          curios::u32 count;
          struct {
            curios::u32 key;
            curios::u32 value;
          } pairs[28];
        }\
        """,
        answer("ptype *s").replace("\r", ""));
    says("ptype Policy", "type = enum class curios::Policy {NONE");
    says("ptype put", "curios::i32 (curios::State *");
    says("ptype State *", "} *");
  }

  @Test
  void whatCannotBe() throws Exception {
    says("print s->cuont", "curios::State has no member cuont; did you mean count?");
    says("print key.x", "curios::u32 has no members");
    says("print &key", "it is in the register $r1");
    says("watch key", "key is in a register here; use watch $r1");
    says("print i", "<optimised out>");
    says("print i + 1", "optimised out");
  }

  @Test
  void changesAndWatches() throws Exception {
    answer("snapshot before");
    answer("set s->count = 2");
    assertEquals("2  0x2", answer("print s->count"));
    answer("set key = 17");
    says("regs", "r1   00000011");
    answer("restore before");
    says("watch s->count if s->count > 1000", "4 bytes");
    answer("delete");
    says("watch *s", "236 bytes");
    answer("delete");
  }
}
