package org.curios.lab.guest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.text.PlainText;

/**
 * CuriOS in memory: read through the table of its structures in the image, so that no offset is
 * known here. The kernel's memory is mapped at its physical address.
 */
public final class Guest {
  private static final int POINTER = 4;

  /** The low byte of a handle is its place in the table. */
  private static final int MOST_HANDLES = 256;

  /** The message if the user looks for something that the kernel creates while it boots. */
  public static final String NOT_BOOTED =
      "the kernel has not booted; run it to tick 2,000,000 (until @2,000,000 in the shell)";

  /**
   * A protected object.
   *
   * @param struct its record
   * @param descriptor its description
   * @param name its name
   */
  public record Obj(Struct struct, Struct descriptor, String name) {
    /** Returns whether it has methods. */
    public boolean isService() {
      return descriptor.get("method_count") > 0;
    }

    /** Returns whether it is a service with a thread of its own, beside those of its callers. */
    public boolean hasThread() {
      return isService() && descriptor.get("main") != 0;
    }
  }

  private final Symbols symbols;
  private Introspection types;
  private Dictionary words;
  private int maxObjects;
  private int maxThreads;
  private int handleMask;
  private int ringOfEvents;
  private GuestStates.Numbers numbersOfStates;

  /**
   * A part of the guest's memory.
   *
   * @param address physical
   * @param bytes how many
   */
  public record Extent(int address, int bytes) {}

  /** Makes a reader for the image that the symbols belong to. */
  public Guest(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Returns whether the image describes its structures. */
  public boolean isCurios() {
    return symbols.find("introspection") != null && symbols.find("word_table") != null;
  }

  /** Returns the guest as it is now. */
  public View at(Machine m) {
    if (types == null) {
      types =
          Introspection.read(
              m.bus()::read,
              symbols.require("introspection").address(),
              symbols.require("introspection_end").address());
      words = Dictionary.read(m.bus()::read, symbols);
      maxObjects = words.constant("MAX_OBJECTS");
      maxThreads = words.constant("MAX_THREADS");
      handleMask = words.constant("HANDLE_MASK");
      ringOfEvents = words.constant("EVENTS");
      numbersOfStates = GuestStates.Numbers.of(words);
    }
    return new View(m);
  }

  /** Returns the symbols of the image. */
  public Symbols symbols() {
    return symbols;
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
    return PlainText.of(text.toString());
  }

  /** A structure of the kernel in the guest's memory. */
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
      return get(name, 0);
    }

    /** Returns an element of an array of numbers. */
    public long get(String name, int index) {
      Introspection.Field f = types.field(type, name);
      int at = address + f.offset() + index * f.stride();
      if (f.size() == POINTER && (at & POINTER - 1) == 0) {
        return Integer.toUnsignedLong(word(machine, at));
      }
      long value = 0;
      for (int i = 0; i < f.size(); i++) {
        boolean isRam = machine.bus().isRam(at + i);
        value |= (long) (isRam ? machine.bus().read(at + i, 1) : 0) << 8 * i;
      }
      return value;
    }

    /** Writes a field of 4 bytes. */
    public void set(String name, int value) {
      set(name, 0, value);
    }

    /** Writes an element of an array of numbers of 4 bytes. */
    public void set(String name, int index, int value) {
      Introspection.Field f = types.field(type, name);
      machine.bus().write(address + f.offset() + index * f.stride(), value, 4);
    }

    /** Returns the physical address of a field. */
    public int addressOf(String name) {
      return address + types.field(type, name).offset();
    }
  }

  /** The guest at one moment; to be used on the machine's thread. */
  public final class View {
    private final Machine m;

    View(Machine m) {
      this.m = m;
    }

    /** Returns the symbols of the image. */
    public Symbols symbols() {
      return symbols;
    }

    /** Returns the server state regions. */
    public GuestStates states() {
      return new GuestStates(this, types, numbersOfStates);
    }

    /** Returns access to crashes, to arm them. */
    public GuestCrashes crashes() {
      return new GuestCrashes(this);
    }

    /** Returns where the memory of objects lies. */
    public ObjectMemory memory() {
      return new ObjectMemory(this, types);
    }

    /** Returns the bytes of a structure. */
    public int size(String type) {
      return types.field(type, "").size();
    }

    /** Returns the offset of a field in its structure, in bytes. */
    public int offset(String type, String field) {
      return types.field(type, field).offset();
    }

    /** Returns the bytes of a field, or of one element of it. */
    public int bytes(String type, String field) {
      return types.field(type, field).size();
    }

    /** Returns the number of elements of a field that is an array. */
    public int elements(String type, String field) {
      return types.field(type, field).count();
    }

    /** Returns the bytes from one element of an array to the next. */
    public int stride(String type, String field) {
      return types.field(type, field).stride();
    }

    /** Returns the words of the guest. */
    public Dictionary words() {
      return words;
    }

    /**
     * Returns where a field of a structure at a physical address lies, all elements of an array.
     */
    public Extent extent(String type, int address, String field) {
      return extent(address, types.field(type, field));
    }

    static Extent extent(int address, Introspection.Field f) {
      return new Extent(address + f.offset(), (f.count() - 1) * f.stride() + f.size());
    }

    /** Returns the machine. */
    public Machine machine() {
      return m;
    }

    /** Returns the structure of a type at a physical address. */
    public Struct struct(String type, int address) {
      return new Struct(m, type, address);
    }

    /** Returns the address of a symbol. */
    public int symbol(String name) {
      return symbols.require(name).address();
    }

    /** Returns the structure of a type at an address. */
    public Struct structure(String type, long address) {
      return new Struct(m, type, (int) address);
    }

    /** Returns all protected objects by number. */
    public List<Obj> objects() {
      List<Obj> all = new ArrayList<>();
      int table = symbol("objects");
      for (int i = 0; i < maxObjects; i++) {
        int at = word(m, table + i * POINTER);
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
      int at = d.addressOf("name");
      while (length < 8 && m.bus().isRam(at + length) && m.bus().read(at + length, 1) != 0) {
        name[length] = (byte) m.bus().read(at + length, 1);
        length++;
      }
      return new Obj(s, d, PlainText.of(new String(name, 0, length, StandardCharsets.ISO_8859_1)));
    }

    /** Returns the object with a name. */
    public Obj object(String name) {
      List<Obj> all = objects();
      return all.stream()
          .filter(o -> o.name().equals(name))
          .findFirst()
          .orElseThrow(() ->
              new LabException(
                  all.isEmpty()
                      ? name + " is not there yet: " + NOT_BOOTED
                      : name + ": no such object; services and clients list them"));
    }

    /** Returns the name of the object with a number. */
    public String nameOf(int id) {
      int at = id > 0 && id < maxObjects ? word(m, symbol("objects") + id * POINTER) : 0;
      if (at != 0 && structure("Object", at).get("id") == id) {
        return objectAt(at).name();
      }
      return id == 0 ? "kernel" : Integer.toString(id);
    }

    /** Returns the handles of an object. */
    public List<Struct> handles(Obj o) {
      List<Struct> all = new ArrayList<>();
      int at = (int) o.struct().get("handles");
      long count = Math.min(o.struct().get("handle_count"), MOST_HANDLES); // unless it is damaged
      for (int i = 0; i < count; i++) {
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
      for (int i = 0; i < maxThreads; i++) {
        int at = word(m, symbol("threads") + i * POINTER);
        if (at != 0) {
          all.add(new Struct(m, "Thread", at));
        }
      }
      return all;
    }

    /** Returns the activations of a thread, the outermost first. */
    public List<Struct> activations(Struct thread) {
      List<Struct> all = new ArrayList<>();
      int last = (int) thread.get("frame");
      for (int at = thread.addressOf("frames"); at <= last; at += size("Frame")) {
        all.add(new Struct(m, "Frame", at));
      }
      return all;
    }

    /** Names of the objects that a thread is in, the outermost first. */
    public List<String> path(Struct thread) {
      return activations(thread).stream().map(f -> objectAt(f.get("object")).name()).toList();
    }

    /** Returns the thread that an activation belongs to. */
    public Struct threadOf(int activation) {
      return new Struct(m, "Thread", activation & -size("Thread"));
    }

    /** Returns the object's own thread, or null. */
    public Struct threadOfObject(int id) {
      for (Struct t : threads()) {
        if (objectAt(activations(t).get(0).get("object")).struct().get("id") == id) {
          return t;
        }
      }
      return null;
    }

    /** Returns the thread that is running or ran last, or null if there is none. */
    public Struct currentThread() {
      int at = word(m, symbol("current"));
      return at == 0 ? null : new Struct(m, "Thread", at);
    }

    /** Returns the name of a method, by the upper byte of a call word: its number and flags. */
    public String methodName(Obj o, int method) {
      int number = method & words.constant("METHOD_MASK");
      if (number < 0 || number >= o.descriptor().get("method_count")) {
        return "method" + number;
      }
      int at = (int) o.descriptor().get("methods") + number * size("Method");
      return text(m, loaded(o, (int) new Struct(m, "Method", at).get("name")));
    }

    /** Returns the name of the method that an activation is in, or null for the bottom one. */
    public String methodOf(Struct activation) {
      int method = (int) activation.get("method");
      return method == 0
          ? null
          : methodName(objectAt(activation.get("object")), (int) activation.get("call") >>> 24);
    }

    /** The place in the image of an address in a service's code. */
    private int loaded(Obj o, int address) {
      Struct d = o.descriptor();
      return (int) (address - d.get("code_start") + d.get("code_load"));
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

    /** Returns the activation at an address. */
    public Struct frame(int address) {
      return new Struct(m, "Frame", address);
    }

    /** Returns the handle in a word of a call or in an argument. */
    public int handle(int word) {
      return word & handleMask;
    }

    /**
     * Returns the object to which the handle in a word of another object refers; null if there is
     * none.
     */
    public Obj target(Obj owner, int word) {
      int handle = handle(word);
      for (Struct h : handles(owner)) {
        if (h.get("tag") == handle && h.get("object") != 0) {
          return objectAt(h.get("object"));
        }
      }
      return null;
    }

    /** Returns what two runs may differ in without a difference to clients. */
    public Bookkeeping bookkeeping() {
      return new Bookkeeping(this, types);
    }

    /** Returns the number of events so far. */
    public long eventCount() {
      return Integer.toUnsignedLong(word(m, symbol("event_count")));
    }

    /** Returns the events after the first {@code count} that are still in the ring. */
    public List<Struct> eventsSince(long count) {
      List<Struct> all = new ArrayList<>();
      long now = eventCount();
      for (long i = Math.max(count, now - ringOfEvents); i < now; i++) {
        all.add(
            new Struct(
                m, "Event", symbol("event_ring") + (int) (i % ringOfEvents) * size("Event")));
      }
      return all;
    }

    /** Returns the last events. */
    public List<Struct> events(int most) {
      return eventsSince(Math.max(0, eventCount() - most));
    }

    /**
     * Returns the number of the recovery policy; before the kernel has read its arguments, that of
     * the policy named there.
     */
    public int policy() {
      if (eventCount() == 0) {
        String named = Boot.argument(m, symbols, "policy");
        if (words.names(Kind.POLICY).contains(named)) {
          return words.number(Kind.POLICY, named);
        }
      }
      return word(m, symbol("policy"));
    }
  }
}
