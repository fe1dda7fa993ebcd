package org.curios.machine.net;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few functions of the host's C library that a TAP interface needs, through the Foreign
 * Function API. Those that fail return the negative number of the error.
 */
final class HostCalls {
  private static final int READ_WRITE = 2;
  private static final short POLL_IN = 1;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option STATE = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle open =
      variadic("open", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private final MethodHandle ioctl =
      variadic(
          "ioctl",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_LONG,
          ValueLayout.ADDRESS);
  private final MethodHandle poll =
      plain(
          "poll",
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT);
  private final MethodHandle read =
      plain(
          "read",
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG);
  private final MethodHandle write =
      plain(
          "write",
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG);
  private final MethodHandle close = plain("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

  private static MethodHandle plain(String name, MemoryLayout result, MemoryLayout... parameters) {
    return handle(name, FunctionDescriptor.of(result, parameters), STATE);
  }

  /** The last parameter is variadic. */
  private static MethodHandle variadic(
      String name, MemoryLayout result, MemoryLayout... parameters) {
    return handle(
        name,
        FunctionDescriptor.of(result, parameters),
        STATE,
        Linker.Option.firstVariadicArg(parameters.length - 1));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().find(name).orElseThrow(), descriptor, options);
  }

  /** A call with the arena of its arguments. */
  @FunctionalInterface
  private interface Call {
    long make(Arena arena, MemorySegment state) throws Throwable;
  }

  private static long call(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE_LAYOUT);
      long result = call.make(arena, state);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // C functions throw nothing
    }
  }

  /** Opens a file for reading and writing. */
  int open(String path) {
    return (int) call((a, s) -> (int) open.invokeExact(s, a.allocateFrom(path), READ_WRITE));
  }

  /** Makes a request of a device. */
  int control(int file, long request, byte[] argument) {
    return (int)
        call((a, s) -> {
          MemorySegment bytes = a.allocateFrom(ValueLayout.JAVA_BYTE, argument);
          return (int) ioctl.invokeExact(s, file, request, bytes);
        });
  }

  /** Waits until there is something to read, at most for a given number of milliseconds. */
  boolean readable(int file, int milliseconds) {
    return call((a, s) -> {
      MemorySegment entry = a.allocate(8, 4);
      entry.set(ValueLayout.JAVA_INT, 0, file);
      entry.set(ValueLayout.JAVA_SHORT, 4, POLL_IN);
      return (int) poll.invokeExact(s, entry, 1L, milliseconds);
    })
        > 0;
  }

  /** Reads up to a given number of bytes; null when that fails. */
  byte[] read(int file, int most) {
    byte[][] result = new byte[1][];
    call((a, s) -> {
      MemorySegment bytes = a.allocate(most);
      long count = (long) read.invokeExact(s, file, bytes, (long) most);
      result[0] = count < 0 ? null : bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
      return count;
    });
    return result[0];
  }

  /** Writes bytes. */
  long write(int file, byte[] bytes) {
    return call((a, s) -> {
      MemorySegment copy = a.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      return (long) write.invokeExact(s, file, copy, (long) bytes.length);
    });
  }

  /** Closes a file. */
  void close(int file) {
    call((a, s) -> (int) close.invokeExact(s, file));
  }
}
