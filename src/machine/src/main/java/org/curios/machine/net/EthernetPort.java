package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;
import org.curios.machine.input.Arrival;

/**
 * The cable between a controller and its far end. Frames reach the controller at definite ticks,
 * one after the other at the speed of the wire; a limited number wait while it has no room. From a
 * switch, the ticks follow from the run. Frames that arrive in the host's time are recorded with
 * their ticks, so that a run from a snapshot receives them again; frames that it sends again are
 * dropped.
 */
public final class EthernetPort implements Stateful, AutoCloseable {
  /** Ticks between two checks for frames of the host, after recent traffic: 20 microseconds. */
  private static final long SOON = VirtualClock.HZ / 50_000;

  /** The same, without recent traffic. */
  private static final long SELDOM = VirtualClock.HZ / 1000;

  /** Maximum number of frames that wait for room in the controller; further ones are lost. */
  private static final int MOST_WAITING = 64;

  private static final long NANOS_PER_TICK = 1_000_000_000L / VirtualClock.HZ;

  private final Smc91c111 controller;
  private final VirtualClock clock;
  private final BooleanSupplier idle;
  private final FarEnd end;
  private final Switch lan;
  private final Impairments impairments;
  private final Packets packets;
  private final TimedEvent event =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          at = VirtualClock.NEVER;
          look(tick);
        }
      };

  /** Frames that arrive later, in the order of their ticks. */
  private final List<Coming> coming = new ArrayList<>();

  /** Frames that have arrived, and wait for the controller. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  /** When the event is due. */
  private long at = VirtualClock.NEVER;

  /** End of the last delivered frame on the wire. */
  private long busyUntil;

  /** Next check for frames of the host, and how long to wait then. */
  private long nextLook = VirtualClock.NEVER;

  private long interval = SOON;
  private long sent;
  private long delivered;

  /** Whether the far end has closed. */
  private boolean lost;

  // What is not part of the state, since going back does not undo it.
  private final List<Arrival> log = new ArrayList<>();
  private int noted;
  private long lookedUpTo = -1;
  private long lastLook;
  private long sentEver;
  private long deliveredEver;
  private long taken;
  private final List<Arrival> lateSent = new ArrayList<>();
  private final List<Arrival> lateArrived = new ArrayList<>();

  private EthernetPort(
      Smc91c111 controller,
      VirtualClock clock,
      BooleanSupplier idle,
      FarEnd end,
      Switch lan,
      Impairments impairments,
      Capture capture) {
    this.controller = controller;
    this.clock = clock;
    this.idle = idle;
    this.end = end;
    this.lan = lan;
    this.impairments = impairments;
    this.packets = new Packets(capture);
    controller.connect(this::send);
    controller.onSpace(() -> {
      if (!waiting.isEmpty()) {
        schedule(clock.now() + 1);
      }
    });
  }

  /**
   * Connects a controller with a peer in the host's time.
   *
   * @param idle whether the guest only waits: then virtual time passes no faster than that of the
   *     host
   * @param impairments what happens to frames on the way
   * @param capture takes all packets, or null
   */
  public static EthernetPort to(
      Smc91c111 controller,
      VirtualClock clock,
      BooleanSupplier idle,
      FarEnd end,
      Impairments impairments,
      Capture capture) {
    EthernetPort port = new EthernetPort(controller, clock, idle, end, null, impairments, capture);
    port.nextLook = SOON;
    port.schedule(SOON);
    return port;
  }

  /**
   * Connects a controller with a switch.
   *
   * @param impairments what happens to frames on the way
   * @param capture takes all packets, or null
   */
  public static EthernetPort to(
      Smc91c111 controller,
      VirtualClock clock,
      Switch lan,
      Impairments impairments,
      Capture capture) {
    EthernetPort port =
        new EthernetPort(controller, clock, () -> false, null, lan, impairments, capture);
    lan.add(port);
    return port;
  }

  /** Returns whether frames come from the host's time, so that the caller must wait for them. */
  public boolean isLive() {
    return end != null;
  }

  /** Returns the packets that have passed. */
  public Packets packets() {
    return packets;
  }

  /** Returns the switch, or null if there is none. */
  public Switch lan() {
    return lan;
  }

  private void send(byte[] frame) {
    long tick = clock.now();
    long number = sent++;
    boolean again = number < sentEver;
    sentEver = Math.max(sentEver, sent);
    if (!again) {
      packets.note(new Packets.Packet(tick, true, frame));
    }
    Impairments.Fate fate = impairments.fate(Impairments.Direction.SENT, number, frame);
    long leaves = fate.late() ? tick + Impairments.LATE : tick;
    for (int i = 0; i < fate.copies(); i++) {
      if (lan != null) {
        lan.forward(this, number, fate.frame(), leaves);
      } else if (!again) {
        lateSent.add(new Arrival(leaves, fate.frame()));
      }
    }
    if (end != null) {
      sendUpTo(tick);
      schedule(leaves);
      lookSoon(tick);
    }
  }

  private void sendUpTo(long tick) {
    for (Arrival a : lateSent) {
      if (a.tick() <= tick) {
        end.send(a.frame());
      }
    }
    lateSent.removeIf(a -> a.tick() <= tick);
  }

  /** A frame from another port of the switch is on its way to the controller. */
  void arrive(Coming frame) {
    Impairments.Fate fate =
        impairments.fate(Impairments.Direction.RECEIVED, frame.number(), frame.frame());
    long tick = fate.late() ? frame.tick() + Impairments.LATE : frame.tick();
    for (int i = 0; i < fate.copies(); i++) {
      insert(new Coming(tick, frame.from(), frame.number(), fate.frame()));
    }
  }

  private void insert(Coming frame) {
    int place = coming.size();
    while (place > 0 && isBefore(frame, coming.get(place - 1))) {
      place--;
    }
    coming.add(place, frame);
    schedule(frame.tick());
  }

  private static boolean isBefore(Coming a, Coming b) {
    return a.tick() < b.tick()
        || a.tick() == b.tick()
            && (a.from() < b.from() || a.from() == b.from() && a.number() < b.number());
  }

  private void lookSoon(long tick) {
    interval = SOON;
    nextLook = Math.min(nextLook, tick + SOON);
    schedule(nextLook);
  }

  private void schedule(long tick) {
    if (tick < at) {
      at = tick;
      clock.schedule(event, tick);
    }
  }

  private void look(long tick) {
    if (end != null) {
      sendUpTo(tick);
      if (tick >= nextLook) {
        lookAtHost(tick);
      }
    }
    while (!coming.isEmpty() && coming.getFirst().tick() <= tick) {
      byte[] frame = coming.removeFirst().frame();
      if (waiting.size() < MOST_WAITING) {
        waiting.add(frame);
      }
    }
    deliver(tick);
    schedule(nextLook);
    if (!coming.isEmpty()) {
      schedule(coming.getFirst().tick());
    }
  }

  private void lookAtHost(long tick) {
    int before = noted;
    while (noted < log.size() && log.get(noted).tick() == tick) {
      come(tick);
    }
    if (noted == log.size() && tick > lookedUpTo) {
      long nanoseconds = Math.min(tick - lastLook, SELDOM) * NANOS_PER_TICK;
      boolean waits = waiting.isEmpty() && idle.getAsBoolean();
      lookedUpTo = tick;
      lastLook = tick;
      for (int room = MOST_WAITING / 2 - waiting.size(); room > 0; room--) {
        byte[] frame = end.take(waits && log.size() == before ? nanoseconds : 0);
        if (frame == null) {
          break;
        }
        arrived(tick, frame);
      }
      for (Arrival a : lateArrived.stream().filter(a -> a.tick() <= tick).toList()) {
        lateArrived.remove(a);
        log.add(new Arrival(tick, a.frame()));
      }
      while (noted < log.size()) {
        come(tick);
      }
    }
    interval = noted > before ? SOON : Math.min(2 * interval, SELDOM);
    nextLook = tick + interval;
  }

  /** A frame has arrived from the host: it is passed on now, late, or not at all. */
  private void arrived(long tick, byte[] frame) {
    if (frame.length == 0) {
      log.add(new Arrival(tick, frame));
      return;
    }
    Impairments.Fate fate =
        impairments.fate(Impairments.Direction.RECEIVED, taken++, EthernetFrames.padded(frame));
    for (int i = 0; i < fate.copies(); i++) {
      if (fate.late()) {
        lateArrived.add(new Arrival(tick + Impairments.LATE, fate.frame()));
      } else {
        log.add(new Arrival(tick, fate.frame()));
      }
    }
  }

  private void come(long tick) {
    coming.add(new Coming(tick, 0, noted, log.get(noted).frame()));
    noted++;
  }

  private void deliver(long tick) {
    while (!waiting.isEmpty()) {
      if (tick < busyUntil) {
        schedule(busyUntil);
        return;
      }
      if (!controller.canReceive()) {
        schedule(tick + SELDOM); // or when there is room
        return;
      }
      byte[] frame = waiting.remove();
      if (frame.length == 0) {
        lost = true;
        controller.unplug();
        continue;
      }
      if (delivered++ >= deliveredEver) {
        deliveredEver = delivered;
        packets.note(new Packets.Packet(tick, false, frame));
      }
      busyUntil = tick + EthernetFrames.ticks(frame.length, controller.fast());
      controller.receive(frame);
    }
  }

  /** The controller has been reset to its state at the start, where it had a cable. */
  public void controllerReset() {
    if (lost) {
      controller.unplug();
    }
  }

  /** Drops what arrived after the current moment, whose future has changed. */
  public void forgetFuture() {
    log.subList(noted, log.size()).clear();
    lookedUpTo = Math.min(lookedUpTo, clock.now());
    lastLook = clock.now();
    sentEver = sent;
    deliveredEver = delivered;
    packets.forgetAfter(clock.now());
  }

  /** Returns the frames that have arrived from the host up to the current moment. */
  public List<Arrival> log() {
    return List.copyOf(log.subList(0, noted));
  }

  /** Replaces the recorded frames by those of a moment which is about to be restored. */
  public void putLog(List<Arrival> past) {
    log.clear();
    log.addAll(past);
    noted = log.size();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(coming.size());
    for (Coming c : coming) {
      out.writeLong(c.tick());
      out.writeInt(c.from());
      out.writeLong(c.number());
      save(c.frame(), out);
    }
    out.writeInt(waiting.size());
    for (byte[] frame : waiting) {
      save(frame, out);
    }
    for (long v : new long[] {at, busyUntil, nextLook, interval, sent, delivered}) {
      out.writeLong(v);
    }
    out.writeInt(noted);
    out.writeBoolean(lost);
    clock.save(event, out);
  }

  private static void save(byte[] frame, DataOutput out) throws IOException {
    out.writeShort(frame.length);
    out.write(frame);
  }

  private static byte[] frame(DataInput in) throws IOException {
    byte[] frame = new byte[in.readUnsignedShort()];
    in.readFully(frame);
    return frame;
  }

  @Override
  public void restore(DataInput in) throws IOException {
    coming.clear();
    for (int count = in.readInt(); count > 0; count--) {
      coming.add(new Coming(in.readLong(), in.readInt(), in.readLong(), frame(in)));
    }
    waiting.clear();
    for (int count = in.readInt(); count > 0; count--) {
      waiting.add(frame(in));
    }
    at = in.readLong();
    busyUntil = in.readLong();
    nextLook = in.readLong();
    interval = in.readLong();
    sent = in.readLong();
    delivered = in.readLong();
    noted = Math.min(in.readInt(), log.size());
    lost = in.readBoolean();
    clock.restore(event, in);
  }

  @Override
  public void close() {
    packets.close();
    if (end != null) {
      end.close();
    } else {
      lan.remove(this);
    }
  }
}
