package org.curios.machine;

import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a state into memory, as {@link StateInput} reads it. */
final class StateOutput implements DataOutput {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final int LEAST = 1024;

  private byte[] bytes;
  private int count;

  /**
   * Starts empty.
   *
   * @param expected about how many bytes there will be
   */
  StateOutput(int expected) {
    bytes = new byte[Math.max(expected, LEAST)];
  }

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.BIG_ENDIAN);
  }

  /** Returns what was written. */
  byte[] toByteArray() {
    return Arrays.copyOf(bytes, count);
  }

  /** Returns whether these bytes were written. */
  boolean holds(byte[] state) {
    return Arrays.equals(bytes, 0, count, state, 0, state.length);
  }

  /** Makes room; returns where it is. */
  private int next(int more) {
    if (more > bytes.length - count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + more));
    }
    count += more;
    return count - more;
  }

  @Override
  public void write(int value) {
    writeByte(value);
  }

  @Override
  public void write(byte[] from) {
    write(from, 0, from.length);
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    int at = next(length);
    System.arraycopy(from, offset, bytes, at, length);
  }

  @Override
  public void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  @Override
  public void writeByte(int value) {
    int at = next(Byte.BYTES);
    bytes[at] = (byte) value;
  }

  @Override
  public void writeShort(int value) {
    int at = next(Short.BYTES);
    SHORT.set(bytes, at, (short) value);
  }

  @Override
  public void writeChar(int value) {
    writeShort(value);
  }

  @Override
  public void writeInt(int value) {
    int at = next(Integer.BYTES);
    INT.set(bytes, at, value);
  }

  @Override
  public void writeLong(long value) {
    int at = next(Long.BYTES);
    LONG.set(bytes, at, value);
  }

  @Override
  public void writeFloat(float value) {
    writeInt(Float.floatToIntBits(value));
  }

  @Override
  public void writeDouble(double value) {
    writeLong(Double.doubleToLongBits(value));
  }

  @Override
  public void writeBytes(String text) {
    write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void writeChars(String text) {
    write(text.getBytes(StandardCharsets.UTF_16BE));
  }

  @Override
  public void writeUTF(String text) throws IOException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    new DataOutputStream(encoded).writeUTF(text);
    write(encoded.toByteArray());
  }
}
