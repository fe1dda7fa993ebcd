package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exit status of {@code curios run} says how the guest ended. */
class RunStatusTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0x20026, 0", "0x20023, 1", "0, 1"})
  void exitForAReason(String reason, int status) throws IOException {
    Curios.run("run", "--no-jit", new RawProgram().exitFor(Integer.decode(reason)).in(folder))
        .expect(status);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 42, 255})
  void exitWithAStatus(int status) throws IOException {
    Curios.run("run", "--no-jit", new RawProgram().exit(status).in(folder)).expect(status);
  }

  @Test
  void exitOfAnElfExecutable() throws IOException {
    String image =
        RawProgram.write(
            folder.resolve("guest.elf"), new RawProgram().print("elf\n").exit(7).elf(40));
    assertEquals("elf\n", Curios.run("run", "--no-jit", image).expect(7).out());
  }

  @Test
  void exitWithTheCompiler() throws IOException {
    RawProgram guest = new RawProgram();
    guest.constant(5, 3_000_000).words(0xe2555001, 0x1afffffd); // subs r5, r5, #1; bne
    Curios.Result result = Curios.run("run", "--stats=json", guest.exit(9).in(folder)).expect(9);
    assertTrue(result.err().contains("\"ticks\":60000"), result.err());
  }

  @Test
  void outOfTicks() throws IOException {
    String image = new RawProgram().print("on\n").words(RawProgram.BRANCH_TO_SELF).in(folder);
    Curios.Result result =
        Curios.run("run", "--no-jit", "--max-ticks", "100000", "--stats=json", image).expect(124);
    assertEquals("on\n", result.out());
    assertTrue(result.err().startsWith("{\"ticks\":100000,"), result.err());
  }

  @Test
  void outOfTicksInHexadecimal() throws IOException {
    String image = new RawProgram().words(RawProgram.BRANCH_TO_SELF).in(folder);
    Curios.Result result =
        Curios.run("run", "--no-jit", "--max-ticks=0x10", "--stats=json", image).expect(124);
    assertTrue(result.err().startsWith("{\"ticks\":16,"), result.err());
  }

  @Test
  void exitJustBeforeTheLastTick() throws IOException {
    String image = new RawProgram().exit().in(folder);
    int ticks = 4 + 1 + 1;
    Curios.run("run", "--no-jit", "--max-ticks", Integer.toString(ticks), image).expect(0);
    Curios.run("run", "--no-jit", "--max-ticks", Integer.toString(ticks - 1), image).expect(124);
  }

  @Test
  void deadInARingOfExceptions() throws IOException {
    String vectors =
        RawProgram.write(
            folder.resolve("vectors"), new RawProgram().words(0, RawProgram.UNDEFINED).bytes());
    String image = new RawProgram().constant(7, 0x12345678).words(RawProgram.UNDEFINED).in(folder);
    Curios.Result result = Curios.run("run", "--no-jit", "--load", "0:" + vectors, image).expect(3);
    String[] lines = result.err().split("\n");
    assertEquals(6, lines.length, result.err());
    assertTrue(lines[0].startsWith("curios: the guest is dead"), result.err());
    assertTrue(
        lines[2].matches("r4  [0-9a-f]{8}  r5  [0-9a-f]{8}  r6  [0-9a-f]{8}  r7  12345678"),
        lines[2]);
    assertTrue(
        lines[4].matches("r12 [0-9a-f]{8}  r13 [0-9a-f]{8}  r14 00000008  r15 [0-9a-f]{8}"),
        lines[4]);
    assertTrue(
        lines[5].matches("cpsr [0-9a-f]{6}[9d]b  spsr [0-9a-f]{6}[9d]b  fsr .*  ifsr .*  far .*"),
        lines[5]);
  }

  @Test
  void deadForWantOfInterrupts() throws IOException {
    Curios.Result result =
        Curios.run(
            "run", "--no-jit", new RawProgram().words(RawProgram.WAIT_FOR_INTERRUPT).in(folder));
    result.expect(3);
    assertEquals("curios: the guest waits for an interrupt that can never come\n", result.err());
  }

  /** SYS_LOCK, then SYS_RESETCTL. */
  private static RawProgram reset() {
    RawProgram guest = new RawProgram().print("start\n");
    guest.constant(5, 0x10000000).constant(6, 0xa05f).constant(7, 0x100);
    return guest.words(0xe5856020, 0xe5857040, RawProgram.BRANCH_TO_SELF);
  }

  @Test
  void resetEndsTheRunIfAsked() throws IOException {
    Curios.Result result =
        Curios.run("run", "--no-jit", "--no-reboot", reset().in(folder)).expect(0);
    assertEquals("start\n", result.out());
  }

  @Test
  void resetStartsAnew() throws IOException {
    Curios.Result result =
        Curios.run("run", "--no-jit", "--max-ticks", "1000", reset().in(folder)).expect(124);
    assertTrue(result.out().startsWith("start\nstart\nstart\n"), result.out());
  }

  /** Each place is reported once; without the option, the abort has nowhere to go. */
  @Test
  void lenientBoardReadsNothingAsZero() throws IOException {
    RawProgram guest = new RawProgram().constant(5, 0x20000000);
    guest.words(0xe5950000, 0xe5850000, 0xe5950000, 0xe3500000); // ldr, str, ldr, cmp r0, #0
    guest.words(0x1afffffe); // bne to itself
    String image = guest.exit(5).in(folder);
    Curios.Result result = Curios.run("run", "--no-jit", "--lenient", image).expect(5);
    assertEquals(
        """
        curios: no device at 20000000: read of 4 bytes gives 0
        curios: no device at 20000000: write of 4 bytes ignored
        """,
        result.err());
    Curios.run("run", "--no-jit", "--max-ticks", "100000000", image).expect(3);
  }

  @Test
  void flashKeepsWhatIsProgrammed() throws IOException {
    Path flash = Files.createFile(folder.resolve("flash.bin"));
    RawProgram guest =
        new RawProgram().constant(5, 0x34000000).constant(6, 0x00400040).constant(7, 0xcafe1234);
    String image = guest.words(0xe5856000, 0xe5857000).exit().in(folder);
    Curios.run("run", "--no-jit", "--flash", flash.toString(), image).expect(0);
    byte[] bytes = Files.readAllBytes(flash);
    assertEquals(0xcafe1234, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
  }

  @Test
  void screenIsWrittenAtTheEnd() throws IOException {
    Path picture = folder.resolve("picture.png");
    Curios.run(
            "run", "--no-jit", "--screen", picture.toString(), new RawProgram().exit().in(folder))
        .expect(0);
    assertEquals(0x89504e47, ByteBuffer.wrap(Files.readAllBytes(picture)).getInt());
  }
}
