package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.curios.kernel.Images;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell with its commands on standard input, as a script would use it. */
class ShellTest {
  private static Curios.Result shell(String... lines) throws IOException {
    return Curios.runWith(String.join("\n", lines) + "\n", "shell", "--no-jit");
  }

  @Test
  void aCrashIsToldAndNothingIsLost() throws IOException {
    Curios.Result r =
        shell("crash store abort", "services | grep store", "ssr store --json | count");
    assertEquals(0, r.status(), r.out());
    assertTrue(r.out().contains("  detected   data abort at 00000000 in crash_abort"), r.out());
    assertTrue(r.out().contains("  recovered  in "), r.out());
    assertTrue(
        Pattern.compile(" is repeated and returns [01];").matcher(r.out()).find(), // not an address
        r.out());
    assertTrue(r.out().contains("shell      does not notice; its state is unchanged"), r.out());
    assertTrue(
        r.out().matches("(?s).*store +active +[0-9,]+ +1 +4 .*data abort.*\\R4\\R"), r.out());
  }

  @Test
  void aFailedCommandMakesTheStatusAndEndsNothing() throws IOException {
    Curios.Result r = shell("crahs store", "crash stor", "crash store abrt", "policy");
    assertEquals(1, r.status(), r.out());
    assertTrue(r.out().contains("crahs: no such command; did you mean crash?"), r.out());
    assertTrue(r.out().contains("did you mean store?"), r.out());
    assertTrue(r.out().contains("did you mean abort?"), r.out());
    assertTrue(r.out().contains("ssr-packed"), r.out());
    assertFalse(r.out().contains("Exception"), r.out());
  }

  @Test
  void timeGoesBack() throws IOException {
    Curios.Result r =
        shell(
            "stop",
            "until @5000000",
            "regs",
            "step 1000",
            "back 1000",
            "regs",
            "rs",
            "step",
            "regs");
    assertEquals(0, r.status(), r.out());
    String[] parts = r.out().split("> regs\n");
    assertEquals(4, parts.length, r.out());
    String first = parts[1].substring(0, parts[1].indexOf("> step 1000"));
    assertTrue(parts[2].startsWith(first), r.out());
    assertEquals(first, parts[3], r.out());
  }

  @Test
  void breakpointsWatchpointsAndSnapshots() throws IOException {
    Curios.Result r =
        shell(
            "stop",
            "break call_entered",
            "cont",
            "snapshot here",
            "delete",
            "watch event_count",
            "crash counter abort",
            "restore here",
            "info symbol $pc",
            "mmu $pc",
            "x /2xw $pc",
            "disas",
            "bt");
    assertEquals(0, r.status(), r.out());
    assertTrue(r.out().contains("=> "), r.out());
    assertTrue(r.out().contains("<call_entered>"), r.out());
    assertTrue(r.out().contains("watchpoint"), r.out());
    assertTrue(r.out().contains("call_entered at cuik/entry.S"), r.out());
    assertTrue(r.out().contains("section, domain 0"), r.out());
    assertTrue(r.out().contains("movs pc, lr"), r.out());
  }

  @Test
  void theGuestsShellIsWithinReach() throws IOException {
    Curios.Result r = shell("type put 7 49", "type get 7", "crash store hang", "type get 7");
    assertEquals(0, r.status(), r.out());
    assertTrue(r.out().split("get: 49", -1).length == 3, r.out());
  }

  @Test
  void unknownClientsAreRefused() throws IOException {
    Curios.run("shell", "--no-jit", "--run", "nosuch")
        .complains("nosuch: no such client; there are mixed", "shell");
    Curios.run("shell", "--no-jit", "--run", "shell,steady12")
        .complains("steady12: no such client; did you mean steady");
    Curios.run("shell", "--no-jit", "--run", "").complains("a name is missing");
    Curios.run("profile", "--no-jit", "--run", "nosuch", "embedded")
        .complains("nosuch: no such client");
    Curios.run("shell", "--no-jit", "--run", "shell," + "steady,".repeat(30) + "busy")
        .complains("159 characters at most");
  }

  @Test
  void badPolicyIsRefused() throws IOException {
    Curios.Result r = Curios.run("shell", "--policy", "best");
    assertEquals(2, r.status());
    assertTrue(r.err().contains("best: no such policy; there are none, restart"), r.err());
  }

  /** A raw image as it is loaded, and beside it the ELF executable that it was made from. */
  private Path rawImage(Path elf) throws Exception {
    byte[] bytes = Images.elf("tests/devices");
    Files.write(elf, bytes);
    Image image = Image.parse("devices", bytes);
    int first = image.segments().getFirst().address();
    Image.Segment last = image.segments().getLast();
    byte[] raw = new byte[last.address() + last.size() - first];
    for (Image.Segment s : image.segments()) {
      System.arraycopy(s.bytes(), 0, raw, s.address() - first, s.bytes().length);
    }
    assertEquals(Image.RAW_ADDRESS, first, "where raw images are loaded");
    return Files.write(elf.resolveSibling("devices.bin"), raw);
  }

  /** What needs no CuriOS works on any image, and by names if they are given. */
  @Test
  void aForeignImageWithItsSymbols(@TempDir Path folder) throws Exception {
    Path elf = folder.resolve("devices.elf");
    String script =
        String.join(
            "\n",
            "break put_hex",
            "cont",
            "regs",
            "bt",
            "x /2xw $pc",
            "disas put_hex",
            "mmu $pc",
            "devices | grep kmi0",
            "snapshot here",
            "step 100",
            "back 100",
            "reverse-step",
            "screen " + folder.resolve("picture.png"),
            "");
    Curios.Result r =
        Curios.runWith(
            script,
            "shell",
            "--no-jit",
            "-S",
            "--image",
            rawImage(elf).toString(),
            "--append",
            "quiet",
            "--symbols",
            elf.toString());
    assertEquals(0, r.status(), r.out() + r.err());
    assertTrue(r.out().contains("put_hex"), r.out());
    assertTrue(r.out().matches("(?s).*#\\d+ +\\S+ <main.*"), r.out());
    assertTrue(r.out().matches("(?s).*10006000.*kmi0.*"), r.out());
    assertTrue(Files.size(folder.resolve("picture.png")) > 0);
  }
}
