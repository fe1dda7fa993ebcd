package org.curios.tests.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.curios.arm.bus.Bus;
import org.curios.machine.Machine;
import org.curios.machine.snapshot.Snapshot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever way has led to a tick, forward and back, by steps, breakpoints and watchpoints: the
 * machine is as in a run that has never been stopped.
 */
class TravelTest {
  private static final long FAR = 600_000;
  private static final int MOVES = 100;

  /** Where a run comes by again and again. */
  private static final String[] PLACES = {
    "call_entered", "call_returned", "resumed", "trap_system", "interrupt", "dispatch"
  };

  private static final int RAM_IN_USE = 2 << 20;

  /** A sum over registers, status, tick and the RAM that the guest uses. */
  private static long state(Machine machine) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      machine.cpu().save(new DataOutputStream(bytes));
      CRC32C sum = new CRC32C();
      sum.update(bytes.toByteArray());
      for (int i = 0; i < RAM_IN_USE / Bus.GRANULE; i++) {
        sum.update(machine.bus().granule(i));
      }
      return sum.getValue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A machine that only runs. */
  private static final class Undisturbed implements AutoCloseable {
    private final Machine machine;
    private final Snapshot start;

    Undisturbed(Served served) throws Exception {
      machine = served.machine();
      start = machine.snapshot();
    }

    long stateAt(long tick) {
      if (tick < machine.cpu().now()) {
        machine.restore(start);
      }
      machine.run(tick);
      return state(machine);
    }

    @Override
    public void close() {
      machine.close();
    }
  }

  private static long tick(Served served) {
    return served.session.status().tick();
  }

  private static String someMove(Random random, Served served, Rsp rsp) throws IOException {
    List<String> threads = clients(rsp);
    String thread = threads.isEmpty() ? "1" : threads.get(random.nextInt(threads.size()));
    String breakpoint = "Z0," + served.hex(PLACES[random.nextInt(PLACES.length)]) + ",4";
    String watch = "Z" + (2 + random.nextInt(3)) + "," + served.hex("current") + ",4";
    String point = random.nextInt(4) == 0 ? watch : breakpoint;
    int kind = random.nextInt(10);
    // The thread at hand may be about to wait forever; its steps are those of the machine.
    rsp.monitor("step " + (kind < 5 ? "machine" : "thread"));
    if (kind >= 7) {
      rsp.ask(point);
    }
    return switch (kind) {
      case 0, 1 -> "vCont;s";
      case 2, 3 -> "bs";
      case 4 -> {
        int pc = rsp.register(15);
        yield "vCont;r" + Integer.toHexString(pc) + "," + Integer.toHexString(pc + 16);
      }
      case 5 -> "vCont;s:" + thread + ";c";
      case 6 -> {
        rsp.ask("Hc" + thread);
        yield "bs";
      }
      case 7, 8 -> "vCont;c";
      default -> "bc";
    };
  }

  private static String go(Rsp rsp, String move, CharSequence way) throws IOException {
    try {
      return rsp.go(move);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("never came back: " + way, e);
    }
  }

  /** Returns the threads that do not wait forever. */
  private static List<String> clients(Rsp rsp) throws IOException {
    List<String> clients = new ArrayList<>();
    Matcher m =
        Pattern.compile("thread id=\"(\\w+)\" core=\"0\" name=\"steady")
            .matcher(rsp.transfer("threads", ""));
    while (m.find()) {
      clients.add(m.group(1));
    }
    return clients;
  }

  private static void removePoints(Served served, Rsp rsp) throws IOException {
    for (String place : PLACES) {
      assertEquals("OK", rsp.ask("z0," + served.hex(place) + ",4"));
    }
    for (int i = 2; i <= 4; i++) {
      assertEquals("OK", rsp.ask("z" + i + "," + served.hex("current") + ",4"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERPRETED", "JIT"})
  void everyWayToATickIsTheSame(Served.Mode mode) throws Exception {
    for (long seed = 1; seed <= 2; seed++) {
      Random random = new Random(seed);
      try (Served served = Served.curios(mode, "run=steady0,steady1");
          Undisturbed undisturbed = new Undisturbed(served);
          Rsp rsp = served.attach()) {
        rsp.ask("Z0," + served.hex("resumed") + ",4");
        rsp.go("vCont;c"); // the first thread
        removePoints(served, rsp);
        StringBuilder way = new StringBuilder("seed " + seed);
        for (int i = 0; i < MOVES; i++) {
          String move = someMove(random, served, rsp);
          way.append(", ").append(move);
          String reply = go(rsp, move, way);
          assertTrue(reply.startsWith("T"), () -> way + ": " + reply);
          removePoints(served, rsp);
          rsp.ask("Hc0");
          long tick = tick(served);
          way.append(" @").append(tick);
          long here = served.session.call(TravelTest::state);
          assertEquals(undisturbed.stateAt(tick), here, way::toString);
          if (tick > FAR) {
            rsp.monitor("back @" + (FAR / 2 + random.nextInt((int) FAR / 4)));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepBackUndoesAStep(Served.Mode mode) throws Exception {
    try (Served served = Served.curios(mode, "run=steady0");
        Rsp rsp = served.attach()) {
      served.runTo(400_000);
      for (String what : new String[] {"machine", "thread"}) {
        rsp.monitor("step " + what);
        List<String> forward = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
          // out of a wait for interrupt, a step back goes to the instruction that has begun it
          if (!served.session.call(m -> m.cpu().isWaiting())) {
            forward.add(core(rsp));
          }
          assertTrue(rsp.go("vCont;s").startsWith("T0"));
        }
        for (int i = forward.size() - 1; i >= 0; i--) {
          assertTrue(rsp.go("bs").startsWith("T0"));
          assertEquals(forward.get(i), core(rsp), what + " step " + i);
        }
      }
    }
  }

  /** The registers that a thread has. */
  private static String core(Rsp rsp) throws IOException {
    return rsp.ask("g").substring(0, 17 * 8);
  }
}
