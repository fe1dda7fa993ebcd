package org.curios.machine.semihosting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.machine.device.Pl031;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: RealView Compilation Tools Developer Guide, ARM DUI 0203, chapter 8,
 * "Semihosting".
 */
class BoardSemihostingTest {
  private static final int SYS_OPEN = 0x01;
  private static final int SYS_CLOSE = 0x02;
  private static final int SYS_WRITE = 0x05;
  private static final int SYS_READ = 0x06;
  private static final int SYS_ISTTY = 0x09;
  private static final int SYS_SEEK = 0x0a;
  private static final int SYS_FLEN = 0x0c;
  private static final int SYS_REMOVE = 0x0e;
  private static final int SYS_RENAME = 0x0f;
  private static final int SYS_ERRNO = 0x13;
  private static final int SYS_WRITEC = 0x03;
  private static final int SYS_WRITE0 = 0x04;
  private static final int SYS_CLOCK = 0x10;
  private static final int SYS_TIME = 0x11;
  private static final int SYS_EXIT = 0x18;
  private static final int SYS_EXIT_EXTENDED = 0x20;

  private static final int ADP_STOPPED_RUN_TIME_ERROR = 0x20023;
  private static final int ADP_STOPPED_APPLICATION_EXIT = 0x20026;

  private static final int RAM = 1 << 20;
  private static final int BLOCK = 0x1000;
  private static final int NAME = 0x2000;
  private static final int BUFFER = 0x3000;

  private final Arena arena = Arena.ofConfined();
  private final Bus bus = new Bus(arena, RAM);
  private final Cpu cpu = new Cpu(bus, arena);
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final BoardSemihosting semihosting = semihosting(null);

  private BoardSemihosting semihosting(HostFolder folder) {
    PrintStream out = new PrintStream(console);
    return new BoardSemihosting(
        out, new GuestFiles(out, new PrintStream(errors), null, folder), 128 << 20);
  }

  @AfterEach
  void freeRam() {
    arena.close();
  }

  private int call(int operation, int parameter) {
    return semihosting.call(cpu, operation, parameter);
  }

  private void poke(int address, String text) {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      bus.write(address++, b, 1);
    }
  }

  private String console() {
    return console.toString(StandardCharsets.ISO_8859_1);
  }

  private int call(BoardSemihosting by, int operation, int... block) {
    for (int i = 0; i < block.length; i++) {
      bus.write(BLOCK + 4 * i, block[i], 4);
    }
    return by.call(cpu, operation, BLOCK);
  }

  private int open(BoardSemihosting by, String name, int mode) {
    poke(NAME, name);
    return call(by, SYS_OPEN, NAME, mode, name.length());
  }

  private int read(BoardSemihosting by, int file, int count) {
    return call(by, SYS_READ, file, BUFFER, count);
  }

  private String buffer(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) bus.read(BUFFER + i, 1));
    }
    return text.toString();
  }

  /** Lets virtual time be some ticks later. */
  private void pass(long ticks) {
    cpu.budget -= Math.toIntExact(ticks);
  }

  /** SYS_WRITEC: R1 points to the character. */
  @Test
  void writesACharacter() {
    poke(BLOCK, "ab");
    call(SYS_WRITEC, BLOCK);
    assertEquals("a", console());
  }

  /**
   * SYS_WRITE0: R1 points to a string that ends with a null byte; all other bytes are written as
   * they are.
   */
  @Test
  void writesAString() {
    poke(BLOCK, "h\u00e4 \u00ff\r\n\0no more");
    call(SYS_WRITE0, BLOCK);
    assertEquals("h\u00e4 \u00ff\r\n", console());
  }

  /**
   * A string that runs to the end of RAM ends there, and one outside RAM is empty: no host
   * exception.
   */
  @Test
  void stringEndsWithRam() {
    poke(RAM - 3, "end");
    call(SYS_WRITE0, RAM - 3);
    call(SYS_WRITE0, 0x40000000);
    call(SYS_WRITEC, 0x40000000);
    assertEquals("end", console());
  }

  /** SYS_CLOCK: hundredths of a second since the start. */
  @Test
  void clockCountsHundredths() {
    assertEquals(0, call(SYS_CLOCK, 0));
    pass(VirtualClock.HZ * 5 / 2);
    assertEquals(250, call(SYS_CLOCK, 0));
  }

  /** SYS_TIME: seconds since 1 January 1970; the same time as the board's clock. */
  @Test
  void timeIsThatOfTheRealTimeClock() {
    pass(3 * VirtualClock.HZ);
    Pl031 rtc = new Pl031(cpu.clock, level -> {});
    assertEquals(rtc.read(0, 4), call(SYS_TIME, 0));
    assertEquals(1_199_145_603, call(SYS_TIME, 0));
  }

  /** SYS_EXIT: only ADP_Stopped_ApplicationExit is a success. */
  @ParameterizedTest
  @CsvSource({"0x20026,0", "0x20023,1", "0x20024,1", "0,1"})
  void exit(int reason, int status) {
    GuestExit e = assertThrows(GuestExit.class, () -> call(SYS_EXIT, reason));
    assertEquals(status, e.status());
  }

  /** SYS_EXIT_EXTENDED: R1 points to the reason and the subcode, which is the exit status. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 42, 255})
  void exitWithStatus(int status) {
    bus.write(BLOCK, ADP_STOPPED_APPLICATION_EXIT, 4);
    bus.write(BLOCK + 4, status, 4);
    GuestExit e = assertThrows(GuestExit.class, () -> call(SYS_EXIT_EXTENDED, BLOCK));
    assertEquals(status, e.status());
  }

  /** SYS_EXIT_EXTENDED: for another reason the subcode is no exit status. */
  @Test
  void extendedExitForAnotherReasonFails() {
    bus.write(BLOCK, ADP_STOPPED_RUN_TIME_ERROR, 4);
    bus.write(BLOCK + 4, 0, 4);
    assertEquals(1, assertThrows(GuestExit.class, () -> call(SYS_EXIT_EXTENDED, BLOCK)).status());
    assertEquals(
        1, assertThrows(GuestExit.class, () -> call(SYS_EXIT_EXTENDED, 0x40000000)).status());
  }

  /** Release 2.0, "Feature bits": magic, and a byte with bits 0 and 1 set; read only. */
  @Test
  void hasAFileOfFeatures() {
    int file = open(semihosting, ":semihosting-features", 1);
    assertTrue(file > 0);
    assertEquals(5, call(semihosting, SYS_FLEN, file));
    assertEquals(0, call(semihosting, SYS_ISTTY, file));
    assertEquals(0, read(semihosting, file, 4));
    assertEquals("SHFB", buffer(4));
    assertEquals(0, call(semihosting, SYS_SEEK, file, 4));
    assertEquals(2, read(semihosting, file, 3));
    assertEquals(3, bus.read(BUFFER, 1));
    assertEquals(3, read(semihosting, file, 3), "the end of the file");
    assertEquals(-1, call(semihosting, SYS_SEEK, file, 6));
    assertEquals(-1, call(semihosting, SYS_WRITE, file, BUFFER, 1));
    assertEquals(0, call(semihosting, SYS_CLOSE, file));
    assertEquals(-1, call(semihosting, SYS_CLOSE, file));
    assertEquals(-1, open(semihosting, ":semihosting-features", 4));
  }

  /** {@code :tt} for appending is standard error, as the second feature bit says. */
  @Test
  void consoleHasTwoOutputs() {
    poke(BUFFER, "onetwo");
    assertEquals(0, call(semihosting, SYS_WRITE, open(semihosting, ":tt", 4), BUFFER, 3));
    assertEquals(0, call(semihosting, SYS_WRITE, open(semihosting, ":tt", 8), BUFFER + 3, 3));
    assertEquals("one", console());
    assertEquals("two", errors.toString(StandardCharsets.ISO_8859_1));
    assertEquals(4, read(semihosting, open(semihosting, ":tt", 0), 4), "there is no input");
  }

  /** Bad pointers, lengths and handles are errors of the guest, not of the host. */
  @Test
  void survivesBadBlocks() {
    int tt = open(semihosting, ":tt", 4);
    assertEquals(100, call(semihosting, SYS_WRITE, tt, RAM, 100));
    assertEquals(2, call(semihosting, SYS_WRITE, tt, RAM - 2, 4));
    call(semihosting, SYS_WRITE, tt, BUFFER, -1);
    call(semihosting, SYS_READ, open(semihosting, ":tt", 0), BUFFER, -1);
    assertEquals(-1, call(semihosting, SYS_OPEN, NAME, 0, -1));
    assertEquals(-1, call(semihosting, SYS_OPEN, RAM - 1, 0, 4));
    assertEquals(-1, call(semihosting, SYS_OPEN, NAME, 12, 3));
    for (int operation : new int[] {SYS_CLOSE, SYS_WRITE, SYS_READ, SYS_ISTTY, SYS_FLEN}) {
      assertEquals(-1, call(semihosting, operation, 99, 0, 0));
      assertEquals(9, call(SYS_ERRNO, 0));
    }
    int last = 0;
    for (int i = 0; i < 100; i++) {
      last = open(semihosting, ":tt", 4);
    }
    assertEquals(-1, last);
    assertEquals(24, call(SYS_ERRNO, 0));
  }

  @Test
  void opensFilesOfAFolder(@TempDir Path folder) throws Exception {
    BoardSemihosting hosted = semihosting(new HostFolder(folder));
    poke(BUFFER, "text");
    int file = open(hosted, "new.txt", 6);
    assertEquals(0, call(hosted, SYS_WRITE, file, BUFFER, 4));
    assertEquals(4, call(hosted, SYS_FLEN, file));
    assertEquals(0, call(hosted, SYS_SEEK, file, 1));
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    hosted.save(new DataOutputStream(state));
    assertEquals(0, call(hosted, SYS_CLOSE, file));
    assertEquals("text", Files.readString(folder.resolve("new.txt")));
    hosted.restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    assertEquals(1, read(hosted, file, 4));
    assertEquals("ext", buffer(3));
    poke(NAME + 0x100, "old.txt");
    poke(NAME, "new.txt");
    assertEquals(0, call(hosted, SYS_RENAME, NAME, 7, NAME + 0x100, 7));
    assertTrue(Files.exists(folder.resolve("old.txt")));
    assertEquals(0, call(hosted, SYS_REMOVE, NAME + 0x100, 7));
    assertEquals(-1, open(hosted, "old.txt", 0));
    assertEquals(2, call(hosted, SYS_ERRNO));
  }

  /** Neither names nor links lead out of the folder. */
  @Test
  void nothingLeadsOutOfTheFolder(@TempDir Path outside) throws Exception {
    Path folder = Files.createDirectories(outside.resolve("in/side"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("dangling"), outside.resolve("new"));
    Files.createSymbolicLink(folder.resolve("up"), outside);
    BoardSemihosting hosted = semihosting(new HostFolder(folder));
    for (String name :
        List.of(
            "../../secret",
            outside.resolve("secret").toString(),
            "link",
            "dangling",
            "up/secret",
            "up/new",
            "../new",
            "/dev/null",
            ".",
            "..",
            "")) {
      for (int mode : new int[] {0, 4, 8}) {
        assertEquals(-1, open(hosted, name, mode), name);
      }
      poke(NAME, name);
      assertEquals(-1, call(hosted, SYS_REMOVE, NAME, name.length()), name);
    }
    assertEquals("secret", Files.readString(outside.resolve("secret")));
    assertFalse(Files.exists(outside.resolve("new")) || Files.exists(outside.resolve("in/new")));
    assertTrue(open(hosted, folder.resolve("new").toString(), 4) > 0, "an absolute name inside");
    assertTrue(open(hosted, "../side/new", 0) > 0);
  }

  /**
   * The guest has no part in the host's files and commands: SYS_OPEN, SYS_REMOVE, SYS_SYSTEM and
   * others fail.
   */
  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x02, 0x0e, 0x0f, 0x12, 0x100, -1})
  void otherOperationsFail(int operation) {
    assertEquals(-1, call(operation, BLOCK));
    assertEquals("", console());
  }
}
