package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.tests.gdb.Rsp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code curios run --gdb}, {@code curios shell --gdb} and the shell's {@code gdb}. */
class GdbServingTest {
  private static final Pattern WAITING =
      Pattern.compile("waiting for gdb on 127\\.0\\.0\\.1:(\\d+)");

  @TempDir Path folder;

  /** A run that waits for a debugger. */
  private static final class Waiting implements AutoCloseable {
    final Process process;
    final BufferedReader err;
    final BufferedReader out;
    final int port;

    Waiting(String... arguments) throws IOException {
      process = Curios.start(arguments);
      process.getOutputStream().close();
      err = process.errorReader();
      out = process.inputReader();
      String line = err.readLine();
      Matcher m = WAITING.matcher(String.valueOf(line));
      assertTrue(m.find(), line);
      port = Integer.parseInt(m.group(1));
    }

    int status() throws InterruptedException {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "has not ended");
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void theStatusIsTheGuests() throws Exception {
    String image = new RawProgram().print("said\n").exit(7).in(folder);
    try (Waiting run = new Waiting("run", "--no-jit", "--gdb", "0", "--stats", image);
        Rsp rsp = Rsp.attach(run.port)) {
      assertEquals("gdb: attached; the machine is stopped at tick 0", run.err.readLine());
      assertTrue(rsp.go("vCont;c").startsWith("T09"));
      assertTrue(rsp.go("bc").contains("replaylog:begin"));
      assertTrue(rsp.go("vCont;c").startsWith("T09"));
      assertEquals("W07", rsp.go("vCont;c"));
      assertEquals(7, run.status());
      assertEquals("said", run.out.readLine(), "once");
      assertEquals(null, run.out.readLine());
      assertEquals("gdb: the guest has ended with status 7", run.err.readLine());
      assertTrue(run.err.readLine().startsWith("ticks "));
    }
  }

  @Test
  void detachedItRunsOnAndAnotherCanAttach() throws Exception {
    String image = new RawProgram().words(RawProgram.BRANCH_TO_SELF).in(folder);
    try (Waiting run = new Waiting("run", "--no-jit", "--gdb", "0", image)) {
      try (Rsp rsp = Rsp.attach(run.port)) {
        assertTrue(rsp.ask("?").startsWith("T05"));
        assertEquals("OK", rsp.ask("D"));
      }
      assertEquals("gdb: attached; the machine is stopped at tick 0", run.err.readLine());
      assertEquals("gdb: detached; waiting for gdb on 127.0.0.1:" + run.port, run.err.readLine());
      Thread.sleep(100);
      try (Rsp rsp = Rsp.attach(run.port)) {
        assertTrue(rsp.ask("?").startsWith("T05"));
        assertFalse(run.err.readLine().endsWith("at tick 0"));
        rsp.send("vCont;c");
      }
      assertTrue(
          run.err.readLine().startsWith("gdb: the connection was lost; the machine is stopped at"));
      try (Rsp rsp = Rsp.attach(run.port)) {
        rsp.send("k");
        assertEquals(130, run.status());
      }
    }
  }

  @Test
  void detachedItEndsAsItWould() throws Exception {
    String wait = new RawProgram().words(RawProgram.WAIT_FOR_INTERRUPT).in(folder);
    try (Waiting run = new Waiting("run", "--no-jit", "--gdb", "0", wait);
        Rsp rsp = Rsp.attach(run.port)) {
      assertEquals("OK", rsp.ask("D"));
      assertEquals(3, run.status());
    }
    String exit = new RawProgram().exit(9).in(folder);
    try (Waiting run = new Waiting("run", "--no-jit", "--gdb", "0", exit);
        Rsp rsp = Rsp.attach(run.port)) {
      assertEquals("OK", rsp.ask("D"));
      assertEquals(9, run.status());
    }
    try (Waiting run = new Waiting("run", "--no-jit", "--gdb", "0", exit);
        Rsp rsp = Rsp.attach(run.port)) {
      assertTrue(rsp.go("c").startsWith("T09"), "it has ended");
      assertEquals("OK", rsp.ask("D"));
      assertEquals(9, run.status());
    }
  }

  @Test
  void aWaitForWhatNeverComesIsSaid() throws Exception {
    String wait = new RawProgram().words(RawProgram.WAIT_FOR_INTERRUPT).in(folder);
    try (Waiting run = new Waiting("run", "--no-jit", "--gdb", "0", wait);
        Rsp rsp = Rsp.attach(run.port)) {
      assertTrue(rsp.go("vCont;c").startsWith("T11"));
      assertTrue(rsp.go("bs").startsWith("T05"));
      assertEquals(0x10000, rsp.register(15));
    }
  }

  @Test
  void aPortInUseIsSaid() throws IOException {
    String image = new RawProgram().exit().in(folder);
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());
      Curios.run("run", "--no-jit", "--gdb", port, image)
          .complains("port " + port + " of 127.0.0.1 cannot be used", "give another one");
    }
  }

  @ParameterizedTest
  @CsvSource({"x, give a number", "70000, no such port", "-1, give a number"})
  void aBadPortIsSaid(String port, String message) throws IOException {
    String image = new RawProgram().exit().in(folder);
    Curios.run("run", "--no-jit", "--gdb=" + port, image).complains(port, message);
  }

  @Test
  void whatDoesNotGoTogetherIsSaid() throws IOException {
    String image = new RawProgram().exit().in(folder);
    Curios.run("run", "--no-jit", "--gdb", "0", "--max-ticks", "10", image)
        .complains("--gdb and --max-ticks do not go together");
    Curios.run("run", "--gdb", "0", "--trace", folder.resolve("t").toString(), image)
        .complains("--gdb and --trace do not go together");
  }

  @Test
  void theShellServesToo() throws IOException {
    Curios.Result r =
        Curios.runWith("gdb\ngdb\ngdb off\ngdb off\ngdb x\nhelp gdb\n", "shell", "--no-jit");
    assertEquals(1, r.status(), r.out());
    assertTrue(WAITING.matcher(r.out()).find(), r.out());
    assertTrue(r.out().contains("connect with: gdb-multiarch"), r.out());
    assertTrue(r.out().contains("-ex 'target remote :"), r.out());
    assertTrue(r.out().contains("already; stop it first with gdb off"), r.out());
    assertTrue(r.out().contains("gdb is not being served"), r.out());
    assertTrue(r.out().contains("x: no such port"), r.out());
  }

  @Test
  void theShellCanBeginAtTheFirstInstruction() throws IOException {
    Curios.Result r = Curios.runWith("until @100\n", "shell", "--no-jit", "--gdb", "0");
    assertEquals(0, r.status(), r.out());
    assertTrue(r.out().contains("\ntick 100 "), r.out());
    Curios.Result bad = Curios.runWith("", "shell", "--no-jit", "--gdb", "none");
    assertEquals(2, bad.status(), bad.out());
  }
}
