package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.curios.arm.bus.VirtualClock;

/**
 * Clock chip DS1338 (Maxim 19-4930) at address 0x68: time in seven registers of binary-coded
 * decimal, a control register, and 56 bytes of memory. It runs on virtual time; the time is held
 * for as long as a transfer lasts.
 */
public final class Ds1338 extends I2cTarget {
  private static final int ADDRESS = 0x68;
  private static final int TIME = 7;
  private static final int CONTROL = 7;
  private static final int REGISTERS = 64;
  private static final int CONTROL_BITS = 0xb3;
  private static final int OSCILLATOR_STOPPED = 0x20;
  private static final int HALT = 0x80;
  private static final int TWELVE_HOURS = 0x40;
  private static final int AFTERNOON = 0x20;

  private final VirtualClock clock;
  private final byte[] memory = new byte[REGISTERS];
  private long epoch;
  private int weekdayOffset;
  private int pointer;
  private boolean pointerFollows;
  private boolean timeWritten;

  /**
   * Makes a clock.
   *
   * @param epoch seconds since 1970 at tick 0
   */
  public Ds1338(VirtualClock clock, long epoch) {
    super(ADDRESS);
    this.clock = clock;
    this.epoch = epoch;
    memory[CONTROL] = (byte) (CONTROL_BITS & ~OSCILLATOR_STOPPED);
  }

  private long seconds() {
    return clock.now() / VirtualClock.HZ;
  }

  @Override
  void begin(boolean writes) {
    pointerFollows = writes;
    if ((memory[0] & HALT) == 0) {
      latchTime();
    }
  }

  private void latchTime() {
    LocalDateTime now = LocalDateTime.ofEpochSecond(epoch + seconds(), 0, ZoneOffset.UTC);
    boolean twelve = (memory[2] & TWELVE_HOURS) != 0;
    int hour = now.getHour();
    memory[0] = bcd(now.getSecond());
    memory[1] = bcd(now.getMinute());
    memory[2] =
        twelve
            ? (byte) (TWELVE_HOURS | (hour >= 12 ? AFTERNOON : 0) | bcd((hour + 11) % 12 + 1))
            : bcd(hour);
    memory[3] = (byte) ((now.getDayOfWeek().getValue() % 7 + weekdayOffset) % 7 + 1);
    memory[4] = bcd(now.getDayOfMonth());
    memory[5] = bcd(now.getMonthValue());
    memory[6] = bcd(now.getYear() % 100);
  }

  /** A written time takes effect at the end of its transfer. */
  @Override
  void end() {
    if (!timeWritten) {
      return;
    }
    timeWritten = false;
    try {
      int hour = memory[2] & 0x3f;
      if ((memory[2] & TWELVE_HOURS) != 0) {
        hour = (binary(hour & 0x1f) % 12) + ((hour & AFTERNOON) != 0 ? 12 : 0);
      } else {
        hour = binary(hour);
      }
      LocalDateTime set =
          LocalDateTime.of(
              2000 + binary(memory[6] & 0xff),
              binary(memory[5] & 0x1f),
              binary(memory[4] & 0x3f),
              hour,
              binary(memory[1] & 0x7f),
              binary(memory[0] & 0x7f));
      epoch = set.toEpochSecond(ZoneOffset.UTC) - seconds();
      weekdayOffset = Math.floorMod((memory[3] & 7) - 1 - set.getDayOfWeek().getValue() % 7, 7);
    } catch (DateTimeException e) {
      // "illogical" times give undefined operation: it keeps the old one
    }
  }

  private static byte bcd(int value) {
    return (byte) (value / 10 << 4 | value % 10);
  }

  private static int binary(int bcd) {
    return (bcd >>> 4) * 10 + (bcd & 15);
  }

  @Override
  void receive(int value) {
    if (pointerFollows) {
      pointerFollows = false;
      pointer = value % REGISTERS;
      return;
    }
    memory[pointer] = (byte) (pointer == CONTROL ? value & CONTROL_BITS : value);
    timeWritten |= pointer < TIME;
    pointer = (pointer + 1) % REGISTERS;
  }

  @Override
  int send() {
    int value = memory[pointer] & 0xff;
    pointer = (pointer + 1) % REGISTERS;
    return value;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    super.save(out);
    out.write(memory);
    out.writeLong(epoch);
    out.writeByte(weekdayOffset);
    out.writeByte(pointer);
    out.writeBoolean(pointerFollows);
    out.writeBoolean(timeWritten);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    super.restore(in);
    in.readFully(memory);
    epoch = in.readLong();
    weekdayOffset = in.readUnsignedByte();
    pointer = in.readUnsignedByte();
    pointerFollows = in.readBoolean();
    timeWritten = in.readBoolean();
  }
}
