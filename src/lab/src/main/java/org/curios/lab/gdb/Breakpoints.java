package org.curios.lab.gdb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.curios.arm.Memory.Watch;
import org.curios.machine.Machine;

/**
 * Breakpoints and watchpoints. gdb takes them all away at each stop and puts them back before it
 * goes on; here only differences reach the machine, so that compiled code survives that. What is in
 * the machine but not wanted any more is passed over until it goes at the next run that is long.
 */
final class Breakpoints {
  /** What gdb calls the kinds of packets Z and z. */
  enum Kind {
    SOFTWARE("swbreak"),
    HARDWARE("hwbreak"),
    WRITE("watch"),
    READ("rwatch"),
    ACCESS("awatch");

    /** Word of a stop reply. */
    final String word;

    Kind(String word) {
      this.word = word;
    }

    boolean isWatch() {
      return ordinal() >= WRITE.ordinal();
    }
  }

  /** A watchpoint as gdb names it. */
  private record Watchpoint(Kind kind, int address, int bytes) {
    Watch watch() {
      return new Watch(address, bytes, kind != Kind.WRITE, kind != Kind.READ, true);
    }
  }

  private final Map<Integer, Kind> wanted = new HashMap<>();
  private final Set<Watchpoint> wantedWatches = new HashSet<>();

  /** Addresses at which the machine has a breakpoint of ours; those set by others are not. */
  private final Set<Integer> set = new HashSet<>();

  private final Map<Watch, Kind> setWatches = new LinkedHashMap<>();

  /** Puts one in; nothing happens if it is there already. */
  void insert(Kind kind, int address, int bytes) {
    if (kind.isWatch()) {
      wantedWatches.add(new Watchpoint(kind, address, bytes));
    } else {
      wanted.put(address, kind);
    }
  }

  /** Takes one away; nothing happens if it is not there. */
  void remove(Kind kind, int address, int bytes) {
    if (kind.isWatch()) {
      wantedWatches.remove(new Watchpoint(kind, address, bytes));
    } else {
      wanted.remove(address, kind);
    }
  }

  /** Takes all away. */
  void clear() {
    wanted.clear();
    wantedWatches.clear();
  }

  /** Brings what is missing into the machine, and breakpoints that only the run needs. */
  void add(Machine m, Set<Integer> inner) {
    for (int address : wanted.keySet()) {
      if (!set.contains(address) && m.cpu().code.setBreakpoint(address, true)) {
        set.add(address);
      }
    }
    for (int address : inner) {
      if (!set.contains(address) && m.cpu().code.setBreakpoint(address, true)) {
        set.add(address);
      }
    }
    for (Watchpoint w : wantedWatches) {
      if (!setWatches.containsKey(w.watch())) {
        m.cpu().memory.watch(w.watch());
        setWatches.put(w.watch(), w.kind);
      }
    }
  }

  /** Makes what is in the machine exactly what is wanted. */
  void settle(Machine m) {
    set.removeIf(address -> !wanted.containsKey(address) && clear(m, address));
    setWatches
        .keySet()
        .removeIf(watch -> {
          boolean stale = wantedWatches.stream().noneMatch(w -> w.watch().equals(watch));
          if (stale) {
            m.cpu().memory.unwatch(watch);
          }
          return stale;
        });
    add(m, Set.of());
  }

  private static boolean clear(Machine m, int address) {
    m.cpu().code.setBreakpoint(address, false);
    return true;
  }

  /** Returns the kind of the wanted breakpoint at an address; null if there is none. */
  Kind at(int address) {
    return wanted.get(address);
  }

  /** Returns whether a breakpoint in the machine is ours, wanted or not. */
  boolean owns(int address) {
    return set.contains(address);
  }

  /** Returns the kind of a wanted watchpoint; null if it is not wanted. */
  Kind kindOf(Watch watch) {
    for (Watchpoint w : wantedWatches) {
      if (w.watch().equals(watch)) {
        return w.kind;
      }
    }
    return null;
  }

  /** Returns whether a watchpoint in the machine is ours, wanted or not. */
  boolean owns(Watch watch) {
    return setWatches.containsKey(watch);
  }
}
