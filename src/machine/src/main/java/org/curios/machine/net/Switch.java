package org.curios.machine.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor.Stop;

/**
 * A switch between machines of this process. Running one of them runs all: they advance in windows
 * no longer than the transit time of a frame, and between two runs all are at the same tick. So the
 * arrival tick of a frame depends on the sender's alone, and a run is deterministic, however it is
 * divided. Each frame goes to all others, whose controllers filter by address. One thread at a time
 * may use it and its machines.
 */
public final class Switch {
  /** Ticks from the end of a frame at its sender to its end at the receiver: 20 microseconds. */
  public static final long LATENCY = VirtualClock.HZ / 50_000;

  /** A frame on its way to the stations. */
  private record ToStations(long tick, int from, long number, byte[] frame) {}

  private static final Map<String, Switch> NAMED = new ConcurrentHashMap<>();
  private static final Comparator<ToStations> ORDER =
      Comparator.comparingLong(ToStations::tick)
          .thenComparingInt(ToStations::from)
          .thenComparingLong(ToStations::number);

  private final List<EthernetPort> ports = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final Set<Member> ended = new HashSet<>();
  private final List<Station> stations = new ArrayList<>();
  private final List<ToStations> toStations = new ArrayList<>();

  /** Number of frames that the stations have sent. */
  private long stationSent;

  /** Returns the switch of a name, which machines of this process share. */
  public static Switch named(String name) {
    return NAMED.computeIfAbsent(name, n -> new Switch());
  }

  /** Connects a station. */
  public void add(Station station) {
    stations.add(station);
  }

  void add(EthernetPort port) {
    ports.add(port);
  }

  /** Adds a machine, which runs along with the others. */
  public void add(Member member) {
    members.add(member);
  }

  void remove(EthernetPort port) {
    ports.remove(port);
    if (ports.isEmpty()) {
      NAMED.values().remove(this);
    }
  }

  /** Returns the number of machines. */
  public int size() {
    return ports.size();
  }

  /** Disconnects a machine. */
  public void remove(Member member) {
    members.remove(member);
    ended.remove(member);
  }

  /** Returns the machines but one, in the order in which they were connected. */
  public List<Member> others(Member member) {
    return members.stream().filter(m -> !m.equals(member)).toList();
  }

  /** Returns whether the guest of a machine has ended its run. */
  public boolean hasEnded(Member member) {
    return ended.contains(member);
  }

  /**
   * Passes a frame to all others.
   *
   * @param number number of frames that the port has sent before
   * @param tick when the frame leaves the port
   */
  void forward(EthernetPort from, long number, byte[] frame, long tick) {
    int port = ports.indexOf(from);
    deliver(new Coming(tick + LATENCY, port, number, frame));
    if (!stations.isEmpty()) {
      toStations.add(new ToStations(tick + LATENCY, port, number, frame));
    }
  }

  private void deliver(Coming frame) {
    for (int i = 0; i < ports.size(); i++) {
      if (i != frame.from()) {
        ports.get(i).arrive(frame);
      }
    }
  }

  /**
   * Runs a machine, and the others along with it.
   *
   * @throws GuestExit when the guest of this machine ends the run
   */
  public Stop run(Member first, long until) {
    ended.remove(first);
    while (true) {
      Stop stop = window(first, Math.min(until, horizon()));
      if (stop != Stop.TICKS || first.now() >= until) {
        return stop;
      }
    }
  }

  /** The tick up to which no machine can be affected by what another one does from now on. */
  private long horizon() {
    long quiet = VirtualClock.NEVER;
    for (Member m : members) {
      if (!ended.contains(m)) {
        quiet = Math.min(quiet, m.quietUntil());
      }
    }
    for (ToStations to : toStations) {
      quiet = Math.min(quiet, to.tick);
    }
    return quiet == VirtualClock.NEVER ? quiet : quiet + LATENCY;
  }

  private Stop window(Member first, long end) {
    try {
      return first.advance(end);
    } catch (GuestExit e) {
      ended.add(first);
      throw e;
    } finally {
      for (Member m : members) {
        if (!m.equals(first) && !ended.contains(m)) {
          follow(m, first.now());
        }
      }
      answer(first.now());
    }
  }

  private void follow(Member member, long tick) {
    try {
      while (member.now() < tick) {
        Stop stop = member.advance(tick);
        if (stop == Stop.DEAD) {
          ended.add(member);
          return;
        }
        member.pass();
      }
    } catch (GuestExit e) {
      ended.add(member);
    }
  }

  /** Delivers to the stations what has arrived up to a tick. */
  private void answer(long tick) {
    toStations.sort(ORDER);
    while (!toStations.isEmpty() && toStations.getFirst().tick <= tick) {
      ToStations to = toStations.removeFirst();
      for (int i = 0; i < stations.size(); i++) {
        answer(to, ports.size() + i, stations.get(i));
      }
    }
  }

  private void answer(ToStations to, int port, Station station) {
    station.receive(
        to.tick,
        to.frame,
        f -> deliver(new Coming(to.tick + LATENCY, port, stationSent++, EthernetFrames.padded(f))));
  }

  /** Returns the state of the stations, and which machines have ended. */
  public byte[] state() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Member m : members) {
        out.writeBoolean(ended.contains(m));
      }
      out.writeLong(stationSent);
      out.writeInt(toStations.size());
      for (ToStations to : toStations) {
        out.writeLong(to.tick);
        out.writeInt(to.from);
        out.writeLong(to.number);
        out.writeInt(to.frame.length);
        out.write(to.frame);
      }
      for (Station s : stations) {
        s.save(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Restores what {@link #state} returned. */
  public void restore(byte[] state) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      ended.clear();
      for (Member m : members) {
        if (in.readBoolean()) {
          ended.add(m);
        }
      }
      stationSent = in.readLong();
      toStations.clear();
      for (int count = in.readInt(); count > 0; count--) {
        toStations.add(
            new ToStations(
                in.readLong(), in.readInt(), in.readLong(), in.readNBytes(in.readInt())));
      }
      for (Station s : stations) {
        s.restore(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
