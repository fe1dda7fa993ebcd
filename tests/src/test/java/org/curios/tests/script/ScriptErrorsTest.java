package org.curios.tests.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.curios.lab.script.ScriptEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong in a script is said with its place, and what would be right. */
class ScriptErrorsTest {
  @TempDir Path folder;

  private String place(int line, int column) {
    return folder.resolve("test.js") + ":" + line + ":" + column + ": ";
  }

  @Test
  void aSyntaxErrorHasLineAndColumn() throws IOException {
    Scripts.Result result = Scripts.js(folder, "let x = 1;", "let y = foo bar;");
    result.complains(1, place(2, 13) + "SyntaxError: Expected ; but found bar");
    assertEquals(
        List.of("    let y = foo bar;", "                ^"),
        result.end().message().lines().skip(1).toList());
  }

  @Test
  void anErrorHasItsPlaceAndTheGuests() throws IOException {
    Scripts.js(folder, "function look() {", "  return machine.memory.read('evnt');", "}", "look();")
        .complains(
            1,
            place(2, 10)
                + "UnknownNameError: Memory.read: evnt: no such symbol; did you mean event?",
            "called at " + folder.resolve("test.js") + ":4:1",
            "the guest is at tick 2,000,000, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          services.stroe                     | UnknownNameError: Services: stroe: no such service; did you mean store?
          services[20]                       | UnknownNameError: Services: service 20: there are 14, counted from 0
          machine.rum()                      | UnknownNameError: Machine.rum: no such property or function; did you mean run?
          machine.ticks = 5                  | UnknownNameError: Machine.ticks: cannot be changed
          machine.run({mss: 5})              | UsageError: Machine.run: has no argument mss; did you mean ms?
          machine.run('x')                   | UsageError: Machine.run: ticks must be a whole number, not the text 'x'
          machine.run({ms: -1})              | UsageError: Machine.run: give one of ticks, us, ms, of 0 or more
          machine.run(1, {ms: 1})            | UsageError: Machine.run: give one of ticks, us, ms, of 0 or more
          machine.step(1, 2)                 | UsageError: Machine.step: takes at most count; 2 were given
          machine.until()                    | UsageError: Machine.until: needs place; it takes place, ms
          machine.on('flault', e => 0)       | UsageError: Machine.on: flault: no such event; did you mean fault?
          machine.on('fault', 3)             | UsageError: Machine.on: function must be a function, not 3
          machine.memory.read(-1)            | UsageError: Memory.read: address -1: give one of 32 bits
          machine.memory.read(0xf0000000)    | GuestError: Memory.read: there is no memory at f0000000 now
          machine.registers.r16              | UnknownNameError: Registers: r16: no such register
          services.store.crash('abrt')       | UsageError: Service.crash: abrt: no such crash; did you mean abort?
          faults.register('r1', 32)          | UsageError: Faults.register: bit 32: from 0 to 31
          services.counter.stateBytes = 65   | UsageError: Service.stateBytes: states of 65 bytes
          boot({policy: 'sr'})               | UsageError: Curios.boot: policy sr: no such policy; did you mean ssr?
          boot({run: 'nosuch'})              | UsageError: Curios.boot: nosuch: no such client; there are
          services.names.crash('state')      | GuestError: Service.crash: names keeps no states
          results.table(3)                   | UsageError: Results.table: rows must be a list of rows, not 3
          results.table([{a: 1}, {a: 'x'}])  | UsageError: Results.table: the column a has cells of different types, such as x
          chart.line(results.table([{a: 1}]), 'b', 'a') | UnknownNameError: Chart.line: b: no such column
          """)
  void misuseSaysWhatWasExpected(String text, String message) throws IOException {
    Scripts.js(folder, text + ";").complains(1, place(1, 1) + message);
  }

  @Test
  void aGuestThatHasEndedIsSaid() throws IOException {
    Scripts.js(folder, "using(boot({run: 'mixed0'}), m => { print(m.run()); m.run(); });")
        .complains(1, "GuestError: Machine.run: the guest has ended with status 0; restore");
  }

  @Test
  void aMachineIsNotRunTwice() throws IOException {
    Scripts.js(folder, "machine.on('call', e => machine.run(5)); machine.run({ms: 20});")
        .complains(1, "GuestError: Machine.run: the machine runs already");
  }

  @Test
  void errorsAreClassesOfTheLanguage() throws IOException {
    assertEquals(
        List.of("true true true UsageError 2000000 number string"),
        Scripts.js(
                folder,
                "try { machine.step(0) } catch (e) {",
                "  print(e instanceof UsageError, e instanceof GuestError, e instanceof Error, e.name,"
                    + " e.ticks, typeof e.pc, typeof e.symbol) }")
            .lines());
  }

  @Test
  void whatIsNoScriptIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("a.txt"), "1");
    Path latin = Files.write(folder.resolve("a.js"), new byte[] {'/', '/', (byte) 0xe4});
    ScriptEnd[] ends = {
      Scripts.run(text, Scripts.options(folder)).end(),
      Scripts.run(latin, Scripts.options(folder)).end(),
      Scripts.run(folder.resolve("missing.js"), Scripts.options(folder)).end(),
      Scripts.run(folder, Scripts.options(folder)).end()
    };
    String[] said = {
      "give a script in JavaScript (.js) or Python (.py)", "UTF-8", "no such file", ""
    };
    for (int i = 0; i < ends.length; i++) {
      assertEquals(2, ends[i].status());
      assertTrue(ends[i].message().contains(said[i]), ends[i].message());
    }
  }
}
