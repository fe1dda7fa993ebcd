package org.curios.tests.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.curios.arm.bus.GuestExit;
import org.curios.kernel.Images;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys at the guest's shell, which edits its line itself. */
class LineEditingTest {
  private static final int KEY = 50_000;
  private static final int KEYS_TO_A_CRASH = 3;

  /** Ticks by which the guest must have ended: twenty virtual seconds. */
  private static final long PATIENCE = 4_000_000_000L;

  private static final List<String> EDITED =
      List.of(
          "pt 7 49\b\b\b\b\b\b\033[Cu",
          "get 7",
          "xyz\025count",
          "ut 7\033[Hp\033[F 50",
          "\033[A\033[A\033[B",
          "\033OA\033[D\033[3~\033[1;5D9 ",
          "\033[A\027\027\027get 7",
          "abc\003get 7",
          "put 7 59",
          "get 7",
          "");

  /** Types keys one after another, and halts; every few of them, the console crashes. */
  private static String type(String keys, boolean crashes) throws Exception {
    Image image = Image.parse("curios", Images.curios("policy=ssr-packed run=shell"));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine =
        new MachineBuilder().jit(false).console(new PrintStream(output, true)).build()) {
      machine.load(image);
      Guest guest = new Guest(new Symbols(image));
      while (!output.toString(UTF_8).contains("Type help")) {
        run(machine);
      }
      long restarts = 0;
      int typed = 0;
      for (byte key : (keys + "halt\n").getBytes(UTF_8)) {
        while (!machine.board().uart(0).canReceive()) {
          run(machine);
        }
        View v = guest.at(machine);
        if (crashes && typed++ % KEYS_TO_A_CRASH == 0) {
          List<String> kinds = v.words().names(Kind.CRASH);
          String kind = kinds.get(typed / KEYS_TO_A_CRASH % kinds.size());
          v.crashes().arm(v.object("console"), v.words().crash(kind), typed % 2, 0, 0, 0);
        }
        restarts = v.object("console").struct().get("restarts");
        machine.board().uart(0).receive(key);
        try {
          run(machine);
        } catch (GuestExit e) {
          break;
        }
      }
      toTheEnd(machine);
      assertTrue(!crashes || restarts >= 10, restarts + " restarts");
    }
    return output.toString(UTF_8);
  }

  private static void run(Machine machine) {
    assertTrue(machine.cpu().now() < PATIENCE, "the guest has not ended");
    machine.run(machine.cpu().now() + KEY);
  }

  private static void toTheEnd(Machine machine) {
    try {
      while (true) {
        run(machine);
      }
    } catch (GuestExit e) {
      assertEquals(0, e.status());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a character is taken back | put 7 48\\b9\\nget 7\\n | get: 49",
        "of two bytes, too | put 7 4é\\1779\\nget 7\\n | get: 49",
        "text is put in before others | put 7 9\\033[D4\\nget 7\\n | get: 49",
        "as it is at the start | ut 7 49\\033[Hp\\nget 7\\n | get: 49",
        "an end is cut off | put 7 49x\\002\\013\\nget 7\\n | get: 49",
        "a start is cut off | xyz \\025put 7 49\\nget 7\\n | get: 49",
        "a word is taken back | put 7 48 \\02749\\nget 7\\n | get: 49",
        "a line comes back | put 7 49\\nget 7\\n\\033[A\\033[A8\\n\\033[A\\033[A\\n | get: 498",
        "so does one that was begun | put 7 49\\nget \\033[A\\033[B7\\n | get: 49",
        "a line is given up | put 7 49\\nget 8\\003get 7\\n | get: 49",
        "what no key sends does nothing | put 7\\033[15~\\033x\\007 49\\nget 7\\n | get: 49"
      })
  void keysChangeTheLine(String what, String keys, String printed) throws Exception {
    String text = type(keys.translateEscapes(), false);
    String last = text.substring(0, text.lastIndexOf("halt")).stripTrailing();
    assertTrue(last.endsWith(printed), what + ": " + text);
  }

  /** Longer than a row of a terminal: the line scrolls, and nothing is shown after its end. */
  @Test
  void longLinesAreMoved() throws Exception {
    String word = "0123456789".repeat(9);
    String text = type("echo " + word + "\033[H\033[F!\n", false);
    assertTrue(text.contains("\n" + word + "!\n"), text);
    for (String shown : text.substring(text.indexOf("echo")).split("[\\r\\n]")) {
      int columns = shown.replaceAll("\\033\\[\\d*[A-Z]", "").length();
      assertTrue(columns <= 80 || shown.equals(word + "!"), shown);
    }
  }

  @Test
  void crashesOfTheConsoleChangeNothing() throws Exception {
    String undisturbed = type(String.join("\n", EDITED), false);
    assertTrue(undisturbed.contains("get: 59"), undisturbed);
    assertEquals(undisturbed, type(String.join("\n", EDITED), true));
  }
}
