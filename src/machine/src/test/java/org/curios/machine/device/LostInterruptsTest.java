package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.curios.arm.bus.InterruptLine;
import org.junit.jupiter.api.Test;

/** Interrupts that get lost on their way from the device to the controller. */
class LostInterruptsTest {
  private static final int LINE = 12;

  private final Ticks ticks = new Ticks();
  private final RaisedLine seen = new RaisedLine();
  private final LostInterrupts wires = new LostInterrupts(ticks.clock);
  private final InterruptLine device = wires.wire(LINE, seen);

  private void raise() {
    device.set(true);
    device.set(true); // a device may say so more than once
  }

  @Test
  void whatIsNotPlannedGetsThrough() {
    wires.lose(LINE + 1);
    raise();
    assertTrue(seen.raised);
    wires.lose(LINE);
    device.set(true);
    assertTrue(seen.raised, "it is raised already");
  }

  @Test
  void theNextOneGetsLostAndTheOneAfterItDoesNot() {
    wires.lose(LINE);
    raise();
    assertFalse(seen.raised);
    ticks.pass(LostInterrupts.MISSED - 1);
    assertFalse(seen.raised);
    device.set(false);
    raise();
    assertTrue(seen.raised);
    device.set(false);
    ticks.pass(1);
    assertFalse(seen.raised, "what was lost does not come any more");
  }

  @Test
  void oneThatStaysIsSeenAfterAWhile() {
    wires.lose(LINE);
    raise();
    ticks.pass(LostInterrupts.MISSED);
    assertTrue(seen.raised);
    device.set(false);
    assertFalse(seen.raised);
  }

  @Test
  void whatIsHeldBackIsPartOfTheState() throws IOException {
    wires.lose(LINE);
    raise();
    ticks.pass(1);
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    wires.save(new DataOutputStream(state));
    ticks.pass(LostInterrupts.MISSED);
    assertTrue(seen.raised);

    Ticks later = new Ticks();
    RaisedLine other = new RaisedLine();
    LostInterrupts restored = new LostInterrupts(later.clock);
    restored.wire(LINE, other);
    restored.restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    later.pass(LostInterrupts.MISSED - 1);
    assertFalse(other.raised);
    later.pass(1);
    assertTrue(other.raised);

    wires.restore(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    assertFalse(seen.raised);
  }
}
