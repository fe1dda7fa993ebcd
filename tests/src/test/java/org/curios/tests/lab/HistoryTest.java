package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Psr;
import org.curios.kernel.Images;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Guest;
import org.curios.lab.inspect.Expression;
import org.curios.lab.program.Program;
import org.curios.lab.session.ArmedCrashes;
import org.curios.lab.session.CallTrace;
import org.curios.lab.session.EventLog;
import org.curios.lab.session.Points.Point;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way back leads through the same instructions, and through what was changed from outside. */
class HistoryTest {
  private static final long BEFORE = 3_000_000;
  private static final long AFTER = 9_000_000;

  private Session session;
  private Program program;
  private Guest guest;
  private EventLog events;

  @BeforeEach
  void boot() throws Exception {
    Image image = Image.parse("curios", Images.elf("curios"));
    program = new Program(image);
    guest = new Guest(program.symbols());
    session =
        new Session(() -> {
          Machine machine =
              new MachineBuilder()
                  .jit(false)
                  .console(new PrintStream(new ByteArrayOutputStream(), false))
                  .build();
          machine.load(image);
          new Boot("ssr-packed", "steady0,steady1").write(machine, program.symbols());
          return machine;
        });
    events = EventLog.of(session, guest);
    session.runTo(BEFORE);
  }

  @AfterEach
  void close() {
    session.close();
  }

  /** A sum over the processor and the RAM that the guest uses. */
  private long state() {
    return session.call(m -> {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        m.cpu().save(new DataOutputStream(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      CRC32C sum = new CRC32C();
      sum.update(bytes.toByteArray());
      for (int i = 0; i < (1 << 20) / Bus.GRANULE; i++) {
        sum.update(m.bus().granule(i));
      }
      return sum.getValue();
    });
  }

  private void back(long tick) {
    session.call(m -> {
      session.history().back(tick);
      session.moved("");
      return null;
    });
  }

  private void arm(String crash, int[] with) {
    session.change(m -> {
      Guest.View v = guest.at(m);
      v.crashes().arm(v.object("store"), v.words().crash(crash), 1, 0, with[0], with[1]);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"abort", "bitflip", "code"})
  void whatWasChangedFromOutsideIsChangedAgain(String crash) {
    new ArmedCrashes(session, events);
    arm(
        crash,
        switch (crash) {
          case "bitflip" -> ArmedCrashes.register(0, 31, 3);
          case "code" -> ArmedCrashes.code(0, ArmedCrashes.WHOLE);
          default -> new int[2];
        });
    long armed = state();
    session.runTo(AFTER);
    long end = state();
    long restarts = session.call(m -> guest.at(m).object("store").struct().get("restarts"));
    assertEquals(1, restarts, crash);
    for (long tick : new long[] {AFTER - 1, BEFORE + 1, BEFORE, 2_000_000}) {
      back(tick);
      assertEquals(tick, session.status().tick());
      if (tick == BEFORE) {
        assertEquals(armed, state());
      }
      session.runTo(AFTER);
      assertEquals(end, state(), "from " + tick);
    }
    back(BEFORE - 1);
    session.runTo(BEFORE);
    assertEquals(armed, state(), "the change belongs to its tick");
  }

  @Test
  void anotherChangeIsAnotherFuture() {
    session.runTo(AFTER);
    long end = state();
    back(BEFORE);
    session.change(m -> m.cpu().memory.patch(0x40, 1));
    long changed = state();
    session.runTo(AFTER);
    assertNotEquals(end, state());
    back(BEFORE);
    assertEquals(changed, state());
    back(BEFORE - 1);
    session.runTo(BEFORE);
    assertEquals(changed, state());
  }

  private void restore(String name) {
    session.call(m -> {
      session.history().restore(session.history().named().get(name));
      session.moved("");
      return null;
    });
  }

  @Test
  void snapshotsOfAnotherFutureComeWithTheirPast() {
    session.runTo(4_500_000);
    long between = state();
    session.runTo(5_000_000);
    session.call(m -> session.history().name("first"));
    long first = state();
    back(4_000_000);
    session.change(m -> m.cpu().memory.patch(0x40, 1));
    session.runTo(4_500_000);
    long changed = state();
    session.runTo(6_000_000);
    session.call(m -> session.history().name("second"));
    long second = state();
    for (int i = 0; i < 2; i++) {
      restore("first");
      assertEquals(first, state());
      back(4_500_000);
      assertEquals(between, state());
      restore("second");
      assertEquals(second, state());
      back(4_500_000);
      assertEquals(changed, state());
    }
  }

  @Test
  void theStartIsThereAgain() {
    session.call(m -> {
      session.history().reset();
      session.moved("");
      return null;
    });
    assertEquals(0, session.status().tick());
    session.runTo(BEFORE);
    back(1_000_000);
    session.runTo(BEFORE);
    assertEquals(BEFORE, session.status().tick());
  }

  @Test
  void snapshotsOfThisFutureKeepTheirPast() {
    session.call(m -> session.history().name("here"));
    session.runTo(5_000_000);
    restore("here");
    back(BEFORE - 500_000);
    assertEquals(BEFORE - 500_000, session.status().tick());
  }

  @Test
  void backToTheLastStopWithItsCondition() {
    int put = program.symbols().all("put").get(0).address();
    Expression key = Expression.parse("$r1 == 10", program.symbols());
    List<Long> stops = new ArrayList<>();
    Point point = session.call(m -> session.history().points().before(put, n -> key.value(n) != 0));
    for (Session.Status s = session.runTo(AFTER); s.tick() < AFTER; s = session.runTo(AFTER)) {
      int r1 = session.call(m -> m.cpu().register(1));
      assertEquals(10, r1);
      stops.add(s.tick());
    }
    assertTrue(stops.size() > 1, stops::toString);
    for (int i = stops.size() - 1; i >= 0; i--) {
      assertTrue(backToStop());
      assertEquals(stops.get(i), session.status().tick());
    }
    session.call(m -> {
      session.history().points().remove(point);
      return null;
    });
    assertFalse(backToStop(), "nothing stops it: the start");
    assertEquals(0, session.status().tick());
  }

  private boolean backToStop() {
    return session.call(m -> {
      boolean found = session.history().backToStop();
      session.moved("");
      return found;
    });
  }

  @Test
  void stepsAreWatchedForwardAndBack() {
    List<Long> stops = new ArrayList<>();
    Expression r4 = Expression.parse("$r4", program.symbols());
    int[] last = new int[1];
    long[] at = {-1};
    session.call(m ->
        session
            .history()
            .points()
            .stepping(n -> {
              boolean follows = n.cpu().now() == at[0] + 1;
              int before = last[0];
              last[0] = r4.value(n);
              at[0] = n.cpu().now();
              return follows && last[0] != before && n.cpu().mode() == Psr.USER;
            }));
    for (int i = 0; i < 5; i++) {
      stops.add(session.runTo(AFTER).tick());
    }
    assertTrue(stops.get(4) < AFTER, stops::toString);
    for (int i = 3; i >= 0; i--) {
      assertTrue(backToStop());
      assertEquals(stops.get(i), session.status().tick());
    }
  }

  @Test
  void observersSeeEverythingOnce() {
    int put = program.symbols().all("put").get(0).address();
    List<Long> seen = new ArrayList<>();
    session.call(m -> session.history().points().observe(put, n -> seen.add(n.cpu().now())));
    session.runTo(5_000_000);
    assertFalse(seen.isEmpty());
    List<Long> once = List.copyOf(seen);
    back(BEFORE);
    session.runTo(5_000_000);
    assertEquals(once, seen);
    session.runTo(once.get(0) + 3_000_000);
    assertTrue(seen.size() > once.size());
    for (long tick : List.copyOf(seen)) { // stopped right at the place
      back(tick);
      session.runTo(tick + 1);
    }
    assertEquals(seen.size(), List.copyOf(new java.util.TreeSet<>(seen)).size());
  }

  @Test
  void theLastCallsAreFoundAndNothingHasMoved() {
    session.runTo(5_000_000);
    long before = state();
    List<CallTrace.Call> calls = session.call(m -> CallTrace.last(session.history(), m, guest, 30));
    assertEquals(before, state());
    assertEquals(30, calls.size());
    for (int i = 1; i < calls.size(); i++) {
      assertTrue(calls.get(i - 1).tick() < calls.get(i).tick());
    }
    CallTrace.Call put =
        calls.stream().filter(c -> c.method().equals("put")).findFirst().orElseThrow();
    assertEquals("store", put.callee());
    assertTrue(put.caller().startsWith("steady"));
    assertTrue(put.hasReturned());
    assertTrue(put.result() == 0 || put.result() == 1);
    assertTrue(put.ticks() > 100 && put.ticks() < 5000, () -> put.ticks() + " ticks");
  }
}
