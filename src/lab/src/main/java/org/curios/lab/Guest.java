package org.curios.lab;

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
public final class Guest {
  private static final int POINTER = 4;
  private static final int MAX_OBJECTS = 64;
  private static final int MAX_THREADS = 64;
  private static final int EVENTS = 256;

  /** A field of a structure. */
  private record Field(int offset, int size) {}

  /**
   * A protected object.
   *
   * @param struct its record
   * @param descriptor its description
   * @param name its name
   */
  public record Obj(Struct struct, Struct descriptor, String name) {
    /** Returns whether it has methods to call. */
    public boolean isService() {
      return descriptor.get("method_count") > 0;
    }
  }

  private final Symbols symbols;
  private Map<String, Map<String, Field>> types;

  /** Makes a reader for the image that the symbols belong to. */
  public Guest(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Returns whether the image describes its structures. */
  public boolean isCurios() {
    return symbols.find("introspection") != null;
  }

  /** Returns the guest as it is now. */
  public View at(Machine m) {
    if (types == null) {
      types = read(m);
    }
    return new View(m);
  }

  private Map<String, Map<String, Field>> read(Machine m) {
    Map<String, Map<String, Field>> all = new HashMap<>();
    int entry = 3 * POINTER;
    for (int at = symbols.find("introspection").address(); word(m, at) != 0; at += entry) {
      String type = text(m, word(m, at));
      String name = text(m, word(m, at + POINTER));
      int place = word(m, at + 2 * POINTER);
      all.computeIfAbsent(type, t -> new HashMap<>())
          .put(name, new Field(place & 0xffff, place >>> 16));
    }
    return all;
  }

  /** Reads a word of physical memory; 0 where there is no RAM. */
  static int word(Machine m, int physical) {
    return m.bus().isRam(physical) ? m.bus().read(physical, 4) : 0;
  }

  private static String text(Machine m, int address) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; m.bus().isRam(address + i) && m.bus().read(address + i, 1) != 0; i++) {
      text.append((char) m.bus().read(address + i, 1));
    }
    return text.toString();
  }

  /** A structure in the guest's memory. */
  public final class Struct {
    private final Machine machine;
    private final String type;
    private final int address;

    Struct(Machine machine, String type, int address) {
      this.machine = machine;
      this.type = type;
      this.address = address;
    }

    /** Returns the physical address. */
    public int address() {
      return address;
    }

    /** Returns an unsigned field of 1, 2, 4 or 8 bytes. */
    public long get(String name) {
      Field f = field(name);
      long value = 0;
      for (int i = 0; i < f.size; i++) {
        value |= (long) machine.bus().read(address + f.offset + i, 1) << 8 * i;
      }
      return value;
    }

    /** Writes a field of 4 bytes. */
    public void set(String name, int value) {
      machine.bus().write(address + field(name).offset, value, 4);
    }

    /** Returns the physical address of a field. */
    public int addressOf(String name) {
      return address + field(name).offset;
    }

    private Field field(String name) {
      Field f = types.getOrDefault(type, Map.of()).get(name);
      if (f == null) {
        throw new LabException("the image does not describe " + type + "." + name);
      }
      return f;
    }
  }

  /** The guest at one moment; to be used on the machine's thread. */
  public final class View {
    private final Machine m;

    View(Machine m) {
      this.m = m;
    }

    /** Returns the bytes of a structure. */
    public int size(String type) {
      return types.get(type).get("").size;
    }

    /** Returns the address of a symbol. */
    public int symbol(String name) {
      Image.Symbol s = symbols.find(name);
      if (s == null) {
        throw new LabException("the image has no symbol " + name);
      }
      return s.address();
    }

    /** Returns all protected objects by number. */
    public List<Obj> objects() {
      List<Obj> all = new ArrayList<>();
      for (int i = 0; i < MAX_OBJECTS; i++) {
        int at = word(m, symbol("objects") + i * POINTER);
        if (at != 0) {
          all.add(objectAt(at));
        }
      }
      return all;
    }

    /** Returns the object whose record is at an address. */
    public Obj objectAt(long address) {
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

    /** Returns the object with a name. */
    public Obj object(String name) {
      return objects().stream()
          .filter(o -> o.name().equals(name))
          .findFirst()
          .orElseThrow(
              () -> new LabException(name + ": no such object; services and clients list them"));
    }

    /** Returns the name of the object with a number. */
    public String nameOf(int id) {
      for (Obj o : objects()) {
        if (o.struct().get("id") == id) {
          return o.name();
        }
      }
      return id == 0 ? "kernel" : Integer.toString(id);
    }

    /** Returns the SSRs in a server, in the order of connection. */
    public List<Struct> states(Obj server) {
      List<Struct> all = new ArrayList<>();
      for (int at = (int) server.struct().get("ssrs"); at != 0 && all.size() < 4096; ) {
        Struct s = new Struct(m, "Ssr", at);
        all.add(s);
        at = (int) s.get("next");
      }
      return all;
    }

    /** Returns the SSRs that servers keep for a client. */
    public List<Struct> statesOwnedBy(Obj owner) {
      long id = owner.struct().get("id");
      return objects().stream()
          .flatMap(o -> states(o).stream())
          .filter(s -> s.get("owner") == id)
          .toList();
    }

    /** Returns the physical address of a state. */
    public int stateAddress(Struct s) {
      return s.get("kind") == 2
          ? s.address() + size("Ssr")
          : (int) (word(m, (int) s.get("pte")) & ~0xfffL) | (int) s.get("address") & 0xfff;
    }

    /** Returns a word of a state. */
    public int stateWord(Struct s, int offset) {
      return word(m, stateAddress(s) + offset);
    }

    /** Returns the checksum that a packed state must have. */
    public int sum(Struct s) {
      int sum = 0;
      for (int i = 0; i < s.get("bytes"); i += 4) {
        sum = stateWord(s, i) + Integer.rotateRight(sum, 5);
      }
      return sum;
    }

    /** Returns the handles of an object. */
    public List<Struct> handles(Obj o) {
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

    /** Returns all threads. */
    public List<Struct> threads() {
      List<Struct> all = new ArrayList<>();
      for (int i = 0; i < MAX_THREADS; i++) {
        int at = word(m, symbol("threads") + i * POINTER);
        if (at != 0) {
          all.add(new Struct(m, "Thread", at));
        }
      }
      return all;
    }

    /** Names of the objects that a thread is in, the outermost first. */
    public List<String> path(Struct thread) {
      List<String> path = new ArrayList<>();
      int last = (int) thread.get("frame");
      for (int at = thread.addressOf("frames"); at <= last; at += size("Frame")) {
        path.add(objectAt(new Struct(m, "Frame", at).get("object")).name());
      }
      return path;
    }

    /** Returns where the methods of an object begin. */
    public List<Integer> methods(Obj o) {
      return methodTable(o).stream().map(s -> (int) s.get("entry")).toList();
    }

    /** Returns the descriptions of an object's methods, by number. */
    public List<Struct> methodTable(Obj o) {
      List<Struct> all = new ArrayList<>();
      int at = (int) o.descriptor().get("methods");
      for (int i = 0; i < o.descriptor().get("method_count"); i++) {
        all.add(new Struct(m, "Method", at + i * size("Method")));
      }
      return all;
    }

    /** Returns the name of a method, or its number if there is no such method. */
    public String methodName(Obj o, int number) {
      List<Struct> all = methodTable(o);
      if (number >= all.size()) {
        return Integer.toString(number);
      }
      // It lies in the code of its object; the kernel has that where it was loaded.
      long name = all.get(number).get("name");
      Struct d = o.descriptor();
      boolean inCode = name >= d.get("code_start") && name < d.get("code_end");
      return text(m, (int) (inCode ? name - d.get("code_start") + d.get("code_load") : name));
    }

    /** Returns the activation at an address. */
    public Struct frame(int address) {
      return new Struct(m, "Frame", address);
    }

    /** Returns the object that a handle of another one leads to; null if it leads to none. */
    public Obj target(Obj owner, int handle) {
      for (Struct h : handles(owner)) {
        if (h.get("tag") == handle && h.get("object") != 0) {
          return objectAt(h.get("object"));
        }
      }
      return null;
    }

    /** Returns how many events there have been. */
    public long eventCount() {
      return Integer.toUnsignedLong(word(m, symbol("event_count")));
    }

    /** Returns the events since there were so many, as far as the ring holds them. */
    public List<Struct> eventsSince(long count) {
      List<Struct> all = new ArrayList<>();
      long now = eventCount();
      for (long i = Math.max(count, now - EVENTS); i < now; i++) {
        all.add(new Struct(m, "Event", symbol("event_ring") + (int) (i % EVENTS) * size("Event")));
      }
      return all;
    }

    /** Returns the last events. */
    public List<Struct> events(int most) {
      return eventsSince(Math.max(0, eventCount() - most));
    }

    /** Returns the number of the recovery policy. */
    public int policy() {
      return word(m, symbol("policy"));
    }

    /**
     * Does what the kernel's arm() does: the next request goes the slow way and ends in a crash.
     */
    public void arm(Obj o, int crash) {
      o.struct().set("armed", crash);
      o.struct().set("attention", 1);
      o.struct().set("gate", 0);
    }
  }
}
