package org.curios.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.curios.machine.Machine;
import org.curios.tests.differential.Ours;
import org.junit.jupiter.api.Test;

/** The compiler's threads leave the processors to the guest's. */
class CompilerThreadsTest {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** The place of the nice value among the fields of stat after the name (proc(5)). */
  private static final int NICE = 16;

  private static final long LIMIT = 60_000_000_000L;

  @Test
  void compilersYieldToTheGuest() throws Exception {
    assumeTrue(Files.isDirectory(TASKS), "threads have priorities of their own on Linux");
    assumeTrue(Machine.class.getModule().isNativeAccessEnabled(), "native access");
    assumeTrue(nice("C1 Compiler").stream().allMatch(n -> n < 10), "a process at low priority");
    int loop = 0xeafffffe; // b .
    try (Machine machine = Ours.program(true, 0x8000, loop)) {
      machine.run(10_000);
      assertTrue(machine.compilations().compiled() > 0);
      long end = System.nanoTime() + LIMIT;
      while (nice("TruffleCompiler").stream().anyMatch(n -> n != 10) && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      assertEquals(List.of(10), nice("TruffleCompiler").stream().distinct().toList());
      assertTrue(nice("C1 Compiler").stream().allMatch(n -> n < 10), "the first compiler");
    }
  }

  /** Returns the nice values of the threads whose names begin in a certain way. */
  private static List<Integer> nice(String name) throws IOException {
    List<Integer> all = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(TASKS)) {
      for (Path task : tasks.toList()) {
        String stat = stat(task);
        int end = stat.lastIndexOf(')');
        if (end > 0 && stat.substring(stat.indexOf('(') + 1, end).startsWith(name)) {
          all.add(Integer.parseInt(stat.substring(end + 2).split(" ")[NICE]));
        }
      }
    }
    return all;
  }

  private static String stat(Path task) {
    try {
      return Files.readString(task.resolve("stat"));
    } catch (IOException e) { // it has ended
      return "";
    }
  }
}
