package org.curios.shell.session;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.curios.machine.Image;
import org.curios.machine.Machine;

/**
 * CuriOS as it lies in memory: read through the table of its structures that the image carries, so
 * that no offset is known here. The kernel's memory is mapped at its physical address.
 */
final class Guest {
  private static final int POINTER = 4;
  private static final int MAX_OBJECTS = 64;
  private static final int MAX_THREADS = 64;
  private static final int EVENTS = 256;

  /** A field of a structure. */
  private record Field(int offset, int size) {}

  /** A protected object with its name. */
  record Obj(Struct struct, Struct descriptor, String name) {
    boolean isService() {
      return descriptor.get("method_count") > 0;
    }
  }

  private final Symbols symbols;
  private Map<String, Map<String, Field>> types;

  Guest(Symbols symbols) {
    this.symbols = symbols;
  }

  boolean isCurios() {
    return symbols.find("introspection") != null;
  }

  View at(Machine m) {
    if (types == null) {
      types = read(m);
    }
    return new View(m);
  }

  private Map<String, Map<String, Field>> read(Machine m) {
    Map<String, Map<String, Field>> all = new HashMap<>();
    int entry = 3 * POINTER;
    for (int at = symbols.find("introspection").address();
        SystemCommands.word(m, at) != 0;
        at += entry) {
      String type = text(m, SystemCommands.word(m, at));
      String name = text(m, SystemCommands.word(m, at + POINTER));
      int place = SystemCommands.word(m, at + 2 * POINTER);
      all.computeIfAbsent(type, t -> new HashMap<>())
          .put(name, new Field(place & 0xffff, place >>> 16));
    }
    return all;
  }

  private static String text(Machine m, int address) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; m.bus().isRam(address + i) && m.bus().read(address + i, 1) != 0; i++) {
      text.append((char) m.bus().read(address + i, 1));
    }
    return text.toString();
  }

  /** A structure in the guest's memory. */
  final class Struct {
    private final Machine machine;
    private final String type;
    private final int address;

    Struct(Machine machine, String type, int address) {
      this.machine = machine;
      this.type = type;
      this.address = address;
    }

    int address() {
      return address;
    }

    /** Returns an unsigned field of 1, 2, 4 or 8 bytes. */
    long get(String name) {
      Field f = field(name);
      long value = 0;
      for (int i = 0; i < f.size; i++) {
        value |= (long) machine.bus().read(address + f.offset + i, 1) << 8 * i;
      }
      return value;
    }

    void set(String name, int value) {
      machine.bus().write(address + field(name).offset, value, 4);
    }

    int addressOf(String name) {
      return address + field(name).offset;
    }

    private Field field(String name) {
      Field f = types.getOrDefault(type, Map.of()).get(name);
      if (f == null) {
        throw new SessionException("the image does not describe " + type + "." + name);
      }
      return f;
    }
  }

  /** The guest at one moment; to be used on the machine's thread. */
  final class View {
    private final Machine m;

    View(Machine m) {
      this.m = m;
    }

    private int size(String type) {
      return types.get(type).get("").size;
    }

    private int symbol(String name) {
      Image.Symbol s = symbols.find(name);
      if (s == null) {
        throw new SessionException("the image has no symbol " + name);
      }
      return s.address();
    }

    List<Obj> objects() {
      List<Obj> all = new ArrayList<>();
      for (int i = 0; i < MAX_OBJECTS; i++) {
        int at = SystemCommands.word(m, symbol("objects") + i * POINTER);
        if (at != 0) {
          all.add(objectAt(at));
        }
      }
      return all;
    }

    Obj objectAt(long address) {
      Struct s = new Struct(m, "Object", (int) address);
      Struct d = new Struct(m, "Descriptor", (int) s.get("descriptor"));
      byte[] name = new byte[8];
      int length = 0;
      while (length < 8 && m.bus().read(d.addressOf("name") + length, 1) != 0) {
        name[length] = (byte) m.bus().read(d.addressOf("name") + length, 1);
        length++;
      }
      return new Obj(s, d, new String(name, 0, length, StandardCharsets.US_ASCII));
    }

    Obj object(String name) {
      return objects().stream()
          .filter(o -> o.name().equals(name))
          .findFirst()
          .orElseThrow(() ->
              new SessionException(name + ": no such object; services and clients list them"));
    }

    Obj service(String name, Shell shell) {
      List<String> names = objects().stream().filter(Obj::isService).map(Obj::name).toList();
      if (!names.contains(name)) {
        throw new SessionException(
            name
                + ": no such service"
                + shell.nearest(name, names)
                + "; there are "
                + String.join(", ", names));
      }
      return object(name);
    }

    String nameOf(int id) {
      for (Obj o : objects()) {
        if (o.struct().get("id") == id) {
          return o.name();
        }
      }
      return id == 0 ? "kernel" : Integer.toString(id);
    }

    List<Struct> states(Obj server) {
      List<Struct> all = new ArrayList<>();
      for (int at = (int) server.struct().get("ssrs"); at != 0 && all.size() < 4096; ) {
        Struct s = new Struct(m, "Ssr", at);
        all.add(s);
        at = (int) s.get("next");
      }
      return all;
    }

    List<Struct> statesOwnedBy(Obj owner) {
      long id = owner.struct().get("id");
      return objects().stream()
          .flatMap(o -> states(o).stream())
          .filter(s -> s.get("owner") == id)
          .toList();
    }

    private int stateAddress(Struct s) {
      return s.get("kind") == 2
          ? s.address() + size("Ssr")
          : (int) (SystemCommands.word(m, (int) s.get("pte")) & ~0xfffL)
              | (int) s.get("address") & 0xfff;
    }

    int stateWord(Struct s, int offset) {
      return SystemCommands.word(m, stateAddress(s) + offset);
    }

    int sum(Struct s) {
      int sum = 0;
      for (int i = 0; i < s.get("bytes"); i += 4) {
        sum = stateWord(s, i) + Integer.rotateRight(sum, 5);
      }
      return sum;
    }

    List<Struct> handles(Obj o) {
      List<Struct> all = new ArrayList<>();
      int at = (int) o.struct().get("handles");
      for (int i = 0; i < o.struct().get("handle_count"); i++) {
        Struct h = new Struct(m, "HandleEntry", at + i * size("HandleEntry"));
        if (h.get("tag") != 0) {
          all.add(h);
        }
      }
      return all;
    }

    List<Struct> threads() {
      List<Struct> all = new ArrayList<>();
      for (int i = 0; i < MAX_THREADS; i++) {
        int at = SystemCommands.word(m, symbol("threads") + i * POINTER);
        if (at != 0) {
          all.add(new Struct(m, "Thread", at));
        }
      }
      return all;
    }

    /** Names of the objects that a thread is in, the outermost first. */
    List<String> path(Struct thread) {
      List<String> path = new ArrayList<>();
      int last = (int) thread.get("frame");
      for (int at = thread.addressOf("frames"); at <= last; at += size("Frame")) {
        path.add(objectAt(new Struct(m, "Frame", at).get("object")).name());
      }
      return path;
    }

    long eventCount() {
      return Integer.toUnsignedLong(SystemCommands.word(m, symbol("event_count")));
    }

    List<Struct> eventsSince(long count) {
      List<Struct> all = new ArrayList<>();
      long now = eventCount();
      for (long i = Math.max(count, now - EVENTS); i < now; i++) {
        all.add(new Struct(m, "Event", symbol("event_ring") + (int) (i % EVENTS) * size("Event")));
      }
      return all;
    }

    List<Struct> events(int most) {
      return eventsSince(Math.max(0, eventCount() - most));
    }

    int policy() {
      return SystemCommands.word(m, symbol("policy"));
    }

    /**
     * Does what the kernel's arm() does: the next request goes the slow way and ends in a crash.
     */
    void arm(Obj o, int crash) {
      o.struct().set("armed", crash);
      o.struct().set("attention", 1);
      o.struct().set("gate", 0);
    }
  }
}
