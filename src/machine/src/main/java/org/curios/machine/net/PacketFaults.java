package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;

/**
 * Frames that will be lost, doubled, late or damaged, each once: the next one that the controller
 * takes from the wire, or the next one that it sends there. Frames that its filter rejects, and
 * those that it loops back, do not count.
 */
public final class PacketFaults implements Stateful {
  /** Maximum delay in ticks of a frame without a next one: ten milliseconds of virtual time. */
  public static final long LATE = VirtualClock.HZ / 100;

  private final VirtualClock clock;
  private final Way received;
  private final Way sent;

  /**
   * What will happen to a frame.
   *
   * @param fault the kind of fault
   * @param bit for {@link PacketFault#BIT}, the first bit
   * @param bits how many adjacent bits
   */
  private record Planned(PacketFault fault, int bit, int bits) {}

  /**
   * Makes ways without faults.
   *
   * @param store takes a frame from the wire
   * @param send puts a frame on the wire
   */
  PacketFaults(VirtualClock clock, Consumer<byte[]> store, Consumer<byte[]> send) {
    this.clock = clock;
    received = new Way(store);
    sent = new Way(send);
  }

  /**
   * Plans what happens to the next frame, or to the one after those that are planned already.
   *
   * @param sends whether it is a frame that the controller sends
   * @param bit for {@link PacketFault#BIT}, the first bit, from 0: bit 0 of the first byte of the
   *     destination. Beyond the end of the frame, counting starts again at its beginning
   * @param bits how many adjacent bits, from 1
   */
  public void plan(PacketFault fault, boolean sends, int bit, int bits) {
    (sends ? sent : received).planned.add(new Planned(fault, bit, bits));
  }

  /** A frame has come from the wire and passed the filter. */
  void receive(byte[] frame) {
    received.pass(frame, UnaryOperator.identity());
  }

  /**
   * A frame leaves packet memory for the wire.
   *
   * @param complete makes the frame of what was in packet memory; an empty one if it is invalid
   */
  void send(byte[] data, UnaryOperator<byte[]> complete) {
    sent.pass(data, complete);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    received.save(out);
    sent.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    received.restore(in);
    sent.restore(in);
  }

  /** One of the two directions. */
  private final class Way extends TimedEvent implements Stateful {
    private final Consumer<byte[]> end;
    private final Deque<Planned> planned = new ArrayDeque<>();

    /** Frames that pass after the next one. */
    private final List<byte[]> held = new ArrayList<>();

    Way(Consumer<byte[]> end) {
      this.end = end;
    }

    void pass(byte[] frame, UnaryOperator<byte[]> complete) {
      Planned plan = planned.poll();
      if (plan == null) {
        end.accept(complete.apply(frame));
        release();
        return;
      }
      byte[] whole = complete.apply(damaged(frame, plan));
      switch (plan.fault) {
        case LOSS -> release();
        case REORDER -> hold(whole);
        case DUPLICATE -> {
          end.accept(whole);
          end.accept(whole);
          release();
        }
        case CUT, BIT -> {
          end.accept(whole);
          release();
        }
      }
    }

    private byte[] damaged(byte[] frame, Planned plan) {
      return switch (plan.fault) {
        case CUT -> Arrays.copyOf(frame, Math.max(frame.length / 2, EthernetFrames.HEADER));
        case BIT -> flipped(frame, plan.bit, plan.bits);
        case LOSS, DUPLICATE, REORDER -> frame;
      };
    }

    private static byte[] flipped(byte[] frame, int first, int count) {
      byte[] changed = frame.clone();
      for (int i = 0; i < count; i++) {
        int bit = (int) ((first + (long) i) % (8L * frame.length));
        changed[bit / 8] ^= (byte) (1 << bit % 8);
      }
      return changed;
    }

    private void hold(byte[] frame) {
      if (held.isEmpty()) {
        clock.schedule(this, clock.now() + LATE);
      }
      held.add(frame);
    }

    private void release() {
      if (!held.isEmpty()) {
        clock.cancel(this);
        List<byte[]> late = List.copyOf(held);
        held.clear();
        late.forEach(end);
      }
    }

    @Override
    public void fire(long tick) {
      release();
    }

    @Override
    public void save(DataOutput out) throws IOException {
      out.writeInt(planned.size());
      for (Planned p : planned) {
        out.writeByte(p.fault.ordinal());
        out.writeInt(p.bit);
        out.writeInt(p.bits);
      }
      out.writeInt(held.size());
      for (byte[] frame : held) {
        out.writeShort(frame.length);
        out.write(frame);
      }
      clock.save(this, out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      planned.clear();
      for (int count = in.readInt(); count > 0; count--) {
        planned.add(new Planned(PacketFault.values()[in.readByte()], in.readInt(), in.readInt()));
      }
      held.clear();
      for (int count = in.readInt(); count > 0; count--) {
        byte[] frame = new byte[in.readUnsignedShort()];
        in.readFully(frame);
        held.add(frame);
      }
      clock.restore(this, in);
    }
  }
}
