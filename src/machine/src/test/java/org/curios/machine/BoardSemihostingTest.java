package org.curios.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: RealView Compilation Tools Developer Guide, ARM DUI 0203, chapter 8,
 * "Semihosting".
 */
class BoardSemihostingTest {
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

  private final Arena arena = Arena.ofConfined();
  private final Bus bus = new Bus(arena, RAM);
  private final Cpu cpu = new Cpu(bus, arena);
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final BoardSemihosting semihosting =
      new BoardSemihosting(new PrintStream(console), 128 << 20, "guest");

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
