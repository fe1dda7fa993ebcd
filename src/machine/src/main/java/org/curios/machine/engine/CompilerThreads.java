package org.curios.machine.engine;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Lowers the priority of Graal's threads and of those of HotSpot's second compiler, which compiles
 * Graal: on a host with few processors they would take the guest's thread half of its time for the
 * first half minute. HotSpot's first compiler keeps its priority, since warm code waits for it.
 *
 * <p>On Linux only, where a thread has a nice value of its own (setpriority(2)) and names are in
 * /proc; elsewhere, and without the right to call native functions, priorities stay.
 */
final class CompilerThreads {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** What the names of these threads begin with; the host cuts them after 15 characters. */
  private static final List<String> NAMES = List.of("C2 Compiler", "TruffleCompiler");

  /** The nice value: such a thread gets a tenth of the time of one at 0. */
  private static final int NICE = 10;

  /** The first parameter of setpriority: the second one is a thread or process. */
  private static final int PROCESS = 0;

  /** Milliseconds between two searches for new threads: compilers start and end them as needed. */
  private static final long PAUSE = 200;

  private static final AtomicBoolean LOWERED = new AtomicBoolean();

  private CompilerThreads() {}

  /** Has these threads of the process, also later ones, run at low priority from now on. */
  static void lower() {
    if (Files.isDirectory(TASKS)
        && CompilerThreads.class.getModule().isNativeAccessEnabled()
        && LOWERED.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("curios-priorities").start(CompilerThreads::run);
    }
  }

  private static void run() {
    Set<Path> lowered = new HashSet<>();
    try {
      MethodHandle setPriority = setPriority();
      while (true) {
        List<Path> tasks = tasks();
        lowered.retainAll(tasks); // numbers are used again
        for (Path task : tasks) {
          if (!lowered.contains(task) && isCompiler(task)) {
            int number = Integer.parseInt(task.getFileName().toString());
            int _ = (int) setPriority.invokeExact(PROCESS, number, NICE); // it may have ended
            lowered.add(task);
          }
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) { // a method handle may throw anything
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle setPriority() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("setpriority"),
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT));
  }

  private static List<Path> tasks() throws IOException {
    try (Stream<Path> all = Files.list(TASKS)) {
      return all.toList();
    }
  }

  private static boolean isCompiler(Path task) {
    try {
      String name = Files.readString(task.resolve("comm"));
      return NAMES.stream().anyMatch(name::startsWith);
    } catch (IOException e) { // it has ended
      return false;
    }
  }
}
