package org.curios.machine.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;

/**
 * The wires between devices and the inputs of the interrupt controller, on which an interrupt can
 * get lost: the controller does not see a raised line until the device has lowered it and raises it
 * again, or until {@link #MISSED} ticks have passed.
 */
public final class LostInterrupts implements Stateful {
  /** Ticks after which a line that is still raised is seen: ten milliseconds of virtual time. */
  public static final long MISSED = VirtualClock.HZ / 100;

  private static final int LINES = 32;

  private final VirtualClock clock;
  private final Wire[] wires = new Wire[LINES];

  /** Makes wires that lose nothing. */
  public LostInterrupts(VirtualClock clock) {
    this.clock = clock;
  }

  /**
   * Returns the device's end of a wire.
   *
   * @param number of the controller's input, 0 to 31
   * @param input the controller's end
   */
  public InterruptLine wire(int number, InterruptLine input) {
    wires[number] = new Wire(input);
    return wires[number];
  }

  /**
   * Makes the next interrupt of a line get lost.
   *
   * @param number of the controller's input, 0 to 31; one without a wire has no interrupts
   */
  public void lose(int number) {
    if (wires[number] != null) {
      wires[number].planned = true;
    }
  }

  /**
   * Returns when each line was last raised: a tick for each input of the controller, 0 for never.
   */
  public long[] raisedAt() {
    return Arrays.stream(wires).mapToLong(w -> w == null ? 0 : w.raisedAt).toArray();
  }

  /**
   * Removes the plans for lines that are not raised any more.
   *
   * @param lastRaised when each line is raised for the last time, as from {@link #raisedAt}
   * @return an action that plans them again
   */
  public Runnable suspend(long[] lastRaised) {
    List<Wire> idle = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      if (wires[i] != null && wires[i].planned && lastRaised[i] <= clock.now()) {
        wires[i].planned = false;
        idle.add(wires[i]);
      }
    }
    return () -> idle.forEach(w -> w.planned = true);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (Wire wire : wires) {
      if (wire != null) {
        wire.save(out);
      }
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (Wire wire : wires) {
      if (wire != null) {
        wire.restore(in);
      }
    }
  }

  /** One wire, and the time at which a lost interrupt is seen. */
  private final class Wire extends TimedEvent implements InterruptLine, Stateful {
    private final InterruptLine input;
    private boolean raised;

    /** Not part of the state. */
    private long raisedAt;

    private boolean planned;
    private boolean held;

    Wire(InterruptLine input) {
      this.input = input;
    }

    @Override
    public void set(boolean level) {
      boolean rises = level && !raised;
      raised = level;
      raisedAt = rises ? clock.now() : raisedAt;
      if (rises && planned) {
        planned = false;
        held = true;
        clock.schedule(this, clock.now() + MISSED);
      } else if (!level && held) {
        held = false;
        clock.cancel(this);
      }
      if (!held) {
        input.set(level);
      }
    }

    @Override
    public void fire(long tick) {
      held = false;
      input.set(raised);
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeBoolean(raised);
      out.writeBoolean(planned);
      out.writeBoolean(held);
      clock.save(this, out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      raised = in.readBoolean();
      planned = in.readBoolean();
      held = in.readBoolean();
      clock.restore(this, in);
      input.set(raised && !held);
    }
  }
}
