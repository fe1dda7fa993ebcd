package org.curios.arm.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Zeroed memory outside the Java heap at a fixed address: a private mapping of an empty sparse
 * file, so untouched pages cost nothing. Compiled code accesses it with addresses known to be in
 * range; an address out of range is an error of this program, not of the guest.
 */
@SuppressWarnings("removal")
public final class HostMemory {
  private static final sun.misc.Unsafe U = unsafe();

  private HostMemory() {}

  /**
   * Returns the address of {@code bytes} zero bytes, aligned to a page, that live as long as the
   * arena.
   *
   * @throws UncheckedIOException when there is no room for them
   */
  public static long allocate(Arena arena, long bytes) {
    try {
      Path file = Files.createTempFile("curios", ".mem");
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        channel.write(java.nio.ByteBuffer.allocate(1), bytes - 1);
        return channel.map(FileChannel.MapMode.PRIVATE, 0, bytes, arena).address();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no " + bytes + " bytes of memory for the machine", e);
    }
  }

  /** Returns the byte at an address. */
  public static byte getByte(long address) {
    return U.getByte(address);
  }

  /**
   * Returns the two bytes at an address, little-endian as on every host that Graal compiles for.
   */
  public static short getShort(long address) {
    return U.getShort(address);
  }

  /** Returns the four bytes at an address. */
  public static int getInt(long address) {
    return U.getInt(address);
  }

  /** Writes the byte at an address. */
  public static void putByte(long address, byte value) {
    U.putByte(address, value);
  }

  /** Writes the two bytes at an address. */
  public static void putShort(long address, short value) {
    U.putShort(address, value);
  }

  /** Writes the four bytes at an address. */
  public static void putInt(long address, int value) {
    U.putInt(address, value);
  }

  /** Copies bytes into an array. */
  static void copyOut(long address, byte[] to) {
    U.copyMemory(null, address, to, sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET, to.length);
  }

  /** Copies an array to an address. */
  public static void copyIn(byte[] from, long address) {
    U.copyMemory(from, sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET, null, address, from.length);
  }

  /**
   * Returns whether the bytes at an address are those of an array.
   *
   * @param bytes a multiple of eight
   */
  static boolean isSame(long address, byte[] bytes) {
    long different = 0;
    for (int i = 0; i < bytes.length; i += Long.BYTES) {
      different |=
          U.getLong(address + i) ^ U.getLong(bytes, sun.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET + i);
    }
    return different == 0;
  }

  /** Returns the offset of a field of an object, for {@link #getField} and {@link #putField}. */
  public static long fieldOffset(Class<?> type, String name) {
    try {
      return U.objectFieldOffset(type.getDeclaredField(name));
    } catch (NoSuchFieldException e) {
      throw new IllegalArgumentException(type + " has no field " + name, e);
    }
  }

  /**
   * Reads an int field; a plain field read in compiled code, where object and offset are constants.
   */
  public static int getField(Object object, long offset) {
    return U.getInt(object, offset);
  }

  /** Reads a long. */
  public static long getLong(long address) {
    return U.getLong(address);
  }

  /** Writes a long. */
  public static void putLong(long address, long value) {
    U.putLong(address, value);
  }

  /** Writes an int field. */
  public static void putField(Object object, long offset, int value) {
    U.putInt(object, offset, value);
  }

  private static sun.misc.Unsafe unsafe() {
    try {
      var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (sun.misc.Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
