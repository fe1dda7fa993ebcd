package org.curios.arm.warm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Access to the host: memory that it executes, and calls of it. */
@SuppressWarnings("restricted")
final class Host {
  private static final int READ_WRITE_EXECUTE = 7;

  private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x4022;

  /** Places that are tried, and how far they are from each other. */
  private static final int PLACES = 16;

  private static final long STEP = 96L << 20;

  static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
              Linker.Option.critical(false));

  private Host() {}

  /** Returns memory whose distance to an address takes 32 bits; null if there is none. */
  static MemorySegment allocate(long bytes, long near) {
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle map =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("mmap"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG));
      MethodHandle unmap =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("munmap"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
      for (int i = 0; i < PLACES; i++) {
        long distance = (i / 2 + 3) * STEP; // beyond the largest RAM
        long wish = i == 0 ? 0 : (near & -4096) + (i % 2 == 0 ? distance : -distance);
        long at =
            (long)
                map.invokeExact(
                    wish, bytes, READ_WRITE_EXECUTE, PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
        if (at == -1) {
          return null;
        }
        if (Math.abs(near - at) < Integer.MAX_VALUE - bytes) {
          return MemorySegment.ofAddress(at)
              .reinterpret(
                  bytes, Arena.ofAuto(), segment -> unmap(unmap, segment.address(), bytes));
        }
        unmap(unmap, at, bytes);
      }
      return null;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unmap(MethodHandle unmap, long at, long bytes) {
    try {
      int ignored = (int) unmap.invokeExact(at, bytes);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
