package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.curios.arm.core.Memory;
import org.curios.lab.Nearest;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.machine.image.Image;

/** Where a machine is stopped for its script: breakpoints, watchpoints, the kernel's events. */
final class ScriptPoints {
  /** Kinds that are no events of the kernel's ring. */
  private static final String CALL = "call";

  private static final String ALL = "*";

  /** Something that happens at an address. */
  final class Point implements AutoCloseable {
    private final int address;
    private final BooleanSupplier action;

    private Point(int address, BooleanSupplier action) {
      this.address = address;
      this.action = action;
    }

    @Override
    public void close() {
      List<Point> there = byAddress.get(address);
      if (there != null && there.remove(this) && there.isEmpty()) {
        byAddress.remove(address);
        machine.machine().cpu().code.setBreakpoint(address, false);
      }
    }
  }

  private final ScriptMachine machine;
  private final Map<Integer, List<Point>> byAddress = new TreeMap<>();
  private final Map<Memory.Watch, Watchpoint> watches = new LinkedHashMap<>();

  ScriptPoints(ScriptMachine machine, Port port) {
    this.machine = machine;
    port.stopsAt(byAddress::containsKey);
  }

  /**
   * Registers an action before the instruction at an address.
   *
   * @param action returns whether the run is to stop
   */
  Point add(int address, BooleanSupplier action) {
    Point point = new Point(address & ~1, action);
    List<Point> there = byAddress.computeIfAbsent(point.address, a -> new ArrayList<>());
    if (there.isEmpty()) {
      machine.cpu().code.setBreakpoint(point.address, true);
    }
    there.add(point);
    return point;
  }

  /**
   * Performs the actions at the place where the machine has stopped; returns whether the run ends
   * here.
   */
  boolean stops(boolean watch) {
    if (watch) {
      Watchpoint hit = watches.get(machine.cpu().memory.lastHit());
      return hit == null || hit.hit();
    }
    List<Point> there = byAddress.get(machine.cpu().register(15));
    if (there == null) {
      return true;
    }
    boolean stops = false;
    for (Point point : List.copyOf(there)) {
      stops |= there.contains(point) && point.action.getAsBoolean();
    }
    return stops;
  }

  Breakpoint breakpoint(List<Integer> addresses, Callback function) {
    Breakpoint made = new Breakpoint(machine, addresses.get(0) & ~1, function);
    made.points = addresses.stream().map(a -> add(a, made::hit)).toList();
    return made;
  }

  Watchpoint watch(int address, int bytes, Callback function) {
    if (bytes < 1 || bytes > 1 << 20) {
      throw ScriptException.usage("from 1 to 1048576 bytes, not " + bytes);
    }
    Memory.Watch watch = new Memory.Watch(address, bytes, false, true);
    if (watches.containsKey(watch)) {
      throw ScriptException.usage(String.format(Locale.ROOT, "%08x is watched already", address));
    }
    Watchpoint made = new Watchpoint(machine, watch, function);
    watches.put(watch, made);
    machine.cpu().memory.watch(watch);
    return made;
  }

  void unwatch(Memory.Watch watch) {
    if (watches.remove(watch) != null) {
      machine.cpu().memory.unwatch(watch);
    }
  }

  Subscription subscribe(String kind, Consumer<Event> consumer) {
    if (kind.equals(CALL)) {
      return new Subscription(
          kind,
          add(
              symbol("on_svc"),
              () -> {
                Event call = Event.call(machine);
                if (call != null) {
                  consumer.accept(call);
                }
                return false;
              }));
    }
    int event = symbol("event");
    Dictionary words = machine.view().words();
    List<String> known = new ArrayList<>(words.events());
    if (!known.contains(kind) && !kind.equals(ALL)) {
      known.add(CALL);
      known.add(ALL);
      throw ScriptException.usage(
          kind
              + ": no such event"
              + Nearest.hint(kind, known)
              + "; there are "
              + String.join(", ", known));
    }
    int number = kind.equals(ALL) ? 0 : words.number(Kind.EVENT, kind);
    return new Subscription(
        kind,
        add(
            event,
            () -> {
              if (kind.equals(ALL) || machine.cpu().register(0) == number) {
                consumer.accept(Event.ofKernel(machine));
              }
              return false;
            }));
  }

  private int symbol(String name) {
    Image.Symbol s = machine.symbolTable().find(name);
    if (s == null) {
      throw ScriptException.guest("this image has no events: it is not CuriOS");
    }
    return s.address();
  }

  void clear() {
    List.copyOf(byAddress.values()).forEach(l -> List.copyOf(l).forEach(Point::close));
    List.copyOf(watches.keySet()).forEach(this::unwatch);
  }
}
