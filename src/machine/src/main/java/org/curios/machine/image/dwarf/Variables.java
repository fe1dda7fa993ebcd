package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.curios.machine.image.dwarf.Type.Kind;
import org.curios.machine.image.dwarf.Type.Member;

/** The variables, functions and types of a program, as its debug information has them. */
public final class Variables {
  static final int PARAMETER = 0x05;
  private static final int VARIABLE = 0x34;
  private static final int FUNCTION = 0x2e;
  private static final int INLINED = 0x1d;
  private static final int BLOCK = 0x0b;
  private static final int NAMESPACE = 0x39;
  private static final int MEMBER = 0x0d;
  private static final int INHERITANCE = 0x1c;
  private static final int CALL_SITE = 0x48;
  private static final int GNU_CALL_SITE = 0x4109;
  private static final int CALL_SITE_PARAMETER = 0x49;
  private static final int GNU_CALL_SITE_PARAMETER = 0x410a;

  private final Entries entries;
  private final FrameTable frames;
  private final Map<Entry, Type> types = new HashMap<>();
  private final Map<String, List<Entry>> globals = new TreeMap<>();
  private final Map<String, Entry> typesByName = new TreeMap<>();
  private final Map<String, List<Entry>> typesByShortName = new HashMap<>();
  private final Map<String, Long> constants = new TreeMap<>();
  private final Map<String, Entry> constantTypes = new HashMap<>();
  private final Map<Integer, CallSite> callSites = new HashMap<>();
  private final List<Entry> functions = new ArrayList<>();
  private final Set<String> locals = new TreeSet<>();

  Variables(Entries entries, FrameTable frames) {
    this.entries = entries;
    this.frames = frames;
    for (Unit unit : entries.units()) {
      unit.root.children.forEach(e -> collect(e, ""));
    }
  }

  FrameTable frames() {
    return frames;
  }

  Entry entry(int offset) {
    return entries.at(offset);
  }

  /** Indexes the entries of a unit or namespace. */
  private void collect(Entry e, String prefix) {
    String own = e.text(Entry.NAME);
    switch (e.tag) {
      case VARIABLE -> variable(e, prefix);
      case FUNCTION -> {
        if (e.has(Entry.LOW_PC) || e.has(Entry.RANGES)) {
          functions.add(e);
          within(e, e);
        }
      }
      case NAMESPACE -> {
        String inner = own == null ? prefix : prefix + own + "::";
        e.children.forEach(c -> collect(c, inner));
      }
      case 0x02, 0x04, 0x13, 0x16, 0x17, 0x24 -> {
        if (own != null && !e.has(Entry.DECLARATION)) {
          typesByName.putIfAbsent(prefix + own, e);
          typesByShortName.computeIfAbsent(own, n -> new ArrayList<>()).add(e);
        }
        if (e.tag == 0x04) {
          enumerators(e, prefix);
        }
        if (e.tag != 0x16 && e.tag != 0x24 && own != null) {
          e.children.forEach(c -> collect(c, prefix + own + "::"));
        }
      }
      default -> {}
    }
  }

  private void enumerators(Entry e, String prefix) {
    String inner = e.has(Entry.ENUM_CLASS) ? prefix + e.text(Entry.NAME) + "::" : prefix;
    for (Entry c : e.children) {
      String own = c.text(Entry.NAME);
      for (String name : List.of(inner + own, own)) {
        constants.putIfAbsent(name, c.number(Entry.CONST_VALUE, 0));
        constantTypes.putIfAbsent(name, e);
      }
    }
  }

  private void variable(Entry e, String prefix) {
    if (e.has(Entry.LOCATION) || e.has(Entry.CONST_VALUE)) {
      Entry scope = e;
      String name = e.name();
      for (Entry d = e.reference(Entry.SPECIFICATION); d != null; d = null) {
        scope = d;
      }
      String full = scope == e ? prefix + name : qualifier(scope) + name;
      if (name != null) {
        globals.computeIfAbsent(full, n -> new ArrayList<>()).add(e);
        if (!full.equals(name)) {
          globals.computeIfAbsent(name, n -> new ArrayList<>()).add(e);
        }
      }
    }
  }

  /** Indexes the contents of a function: names, static variables, and calls. */
  private void within(Entry e, Entry function) {
    for (Entry c : e.children) {
      switch (c.tag) {
        case VARIABLE, PARAMETER -> {
          String name = c.name();
          if (name != null) {
            locals.add(name);
          }
        }
        case CALL_SITE, GNU_CALL_SITE -> {
          int attribute = c.has(Entry.CALL_RETURN_PC) ? Entry.CALL_RETURN_PC : Entry.LOW_PC;
          if (c.has(attribute)) {
            callSites.put(c.address(attribute), new CallSite(c, function));
          }
        }
        case BLOCK, INLINED -> within(c, function);
        case 0x02, 0x04, 0x13, 0x16, 0x17 -> collect(c, "");
        default -> {}
      }
    }
  }

  private static String qualifier(Entry e) {
    StringBuilder text = new StringBuilder();
    for (Entry p = e.parent; p != null; p = p.parent) {
      boolean counts = p.tag == NAMESPACE || p.tag == 0x02 || p.tag == 0x13 || p.tag == 0x17;
      if (counts) {
        String name = p.text(Entry.NAME);
        text.insert(0, (name == null ? "(anonymous namespace)" : name) + "::");
      }
    }
    return text.toString();
  }

  // ---- what there is

  /**
   * Returns a global variable by its name, with its namespace or without; null if none has it.
   *
   * @param pc of several, the one of the file is meant that the code at this address is from
   */
  public Variable global(String name, int pc) {
    List<Entry> all = globals.get(name);
    if (all == null) {
      return null;
    }
    return new Variable(chosen(all, pc), null, this);
  }

  private Entry functionAt(int pc) {
    return functions.stream().filter(f -> f.contains(pc)).findFirst().orElse(null);
  }

  /**
   * Returns the source file that was compiled for the function at an address, as the compiler was
   * given it; null if that is unknown. The function itself may be from a file that it includes.
   */
  public String unit(int pc) {
    Entry function = functionAt(pc);
    return function == null ? null : function.unit.root.text(Entry.NAME);
  }

  /** Returns all global variables of a name: each file may have one. */
  public List<Variable> globals(String name) {
    return globals.getOrDefault(name, List.of()).stream()
        .map(e -> new Variable(e, null, this))
        .toList();
  }

  /** Returns the names of all global variables. */
  public Set<String> globals() {
    return globals.keySet();
  }

  /** Returns whether some function has a variable of a name. */
  public boolean isLocal(String name) {
    return locals.contains(name);
  }

  /**
   * Returns a type by its name, with its namespace or without; null if none has it.
   *
   * @param pc of several, the one of the file is meant that the code at this address is from
   */
  public Type type(String name, int pc) {
    List<Entry> all = new ArrayList<>(typesByShortName.getOrDefault(name, List.of()));
    if (typesByName.containsKey(name)) {
      all.add(0, typesByName.get(name));
    }
    return all.isEmpty() ? null : type(chosen(all, pc));
  }

  /** Files may have their own of a name: that of the file is meant that some code is from. */
  private Entry chosen(List<Entry> all, int pc) {
    Entry function = all.size() > 1 ? functionAt(pc) : null;
    return all.stream()
        .filter(e -> function != null && e.unit == function.unit)
        .findFirst()
        .orElse(all.get(0));
  }

  /** Returns the value of an enumerator, or null. */
  public Long constant(String name) {
    return constants.get(name);
  }

  /** Returns the enumeration that an enumerator is of. */
  public Type constantType(String name) {
    return type(constantTypes.get(name));
  }

  /** Returns the type of a function by its address, or null. */
  public Type function(int address) {
    for (Entry f : functions) {
      if (f.has(Entry.LOW_PC) && f.address(Entry.LOW_PC) == address) {
        return functionType(f);
      }
    }
    return null;
  }

  /**
   * Returns the functions at an address: the innermost inlined one first, the function itself last.
   */
  public List<Scope> at(int pc) {
    Entry f = functionAt(pc);
    List<Scope> scopes = new ArrayList<>();
    if (f != null) {
      descend(f, f, pc, scopes);
    }
    return scopes;
  }

  private void descend(Entry scope, Entry function, int pc, List<Scope> scopes) {
    List<Variable> parameters = new ArrayList<>();
    List<List<Variable>> blocks = new ArrayList<>();
    Entry inlined = null;
    Entry block = scope;
    while (block != null) {
      List<Variable> own = new ArrayList<>();
      Entry inner = null;
      for (Entry c : block.children) {
        switch (c.tag) {
          case PARAMETER -> parameters.add(new Variable(c, function, this));
          case VARIABLE -> {
            if (!c.has(Entry.EXTERNAL) && !c.has(Entry.DECLARATION)) {
              own.add(new Variable(c, function, this));
            }
          }
          case BLOCK -> inner = inner == null && c.contains(pc) ? c : inner;
          case INLINED -> inlined = inlined == null && c.contains(pc) ? c : inlined;
          default -> {}
        }
      }
      blocks.add(0, own);
      block = inlined != null ? null : inner;
    }
    if (inlined != null) {
      descend(inlined, function, pc, scopes);
    }
    List<Variable> variables = new ArrayList<>(parameters);
    blocks.forEach(variables::addAll);
    variables.removeIf(v -> v.name() == null);
    boolean isInlined = scope.tag == INLINED;
    String name = scope.name();
    scopes.add(
        new Scope(
            name == null ? "?" : name,
            isInlined ? new LineTable.Line("", (int) scope.number(Entry.CALL_LINE, 0)) : null,
            List.copyOf(variables)));
  }

  /**
   * A call, by the address that it returns to.
   *
   * @param function the function that it is in
   */
  record CallSite(Entry entry, Entry function) {
    /** Whether it is known to call a function. */
    boolean leadsTo(Entry called) {
      Entry origin = entry.reference(Entry.CALL_ORIGIN);
      if (origin == null) {
        origin = entry.reference(Entry.ABSTRACT_ORIGIN);
      }
      for (Entry e = called; e != null && origin != null; ) {
        if (e.offset == origin.offset) {
          return true;
        }
        Entry next = e.reference(Entry.ABSTRACT_ORIGIN);
        e = next != null ? next : e.reference(Entry.SPECIFICATION);
      }
      return origin != null
          && origin.name() != null
          && called != null
          && origin.name().equals(called.name())
          && origin.unit != called.unit; // declared here, defined there
    }

    /** What it puts into a register, or null. */
    ByteBuffer argument(int register) {
      for (Entry p : entry.children) {
        if (p.tag != CALL_SITE_PARAMETER && p.tag != GNU_CALL_SITE_PARAMETER) {
          continue;
        }
        ByteBuffer where = p.block(Entry.LOCATION);
        if (where != null && where.limit() > 0 && (where.get(0) & 0xff) == 0x50 + register) {
          ByteBuffer value = p.block(Entry.CALL_VALUE);
          return value != null ? value : p.block(Entry.GNU_CALL_VALUE);
        }
      }
      return null;
    }
  }

  CallSite callSite(int returnAddress) {
    return callSites.get(returnAddress);
  }

  // ---- types

  /** The type of a variable, member or parameter. */
  Type typeOf(Entry e) {
    Entry typed = e.with(Entry.TYPE);
    return typed == null ? Type.VOID : type(typed.reference(Entry.TYPE));
  }

  private synchronized Type type(Entry e) {
    if (e == null) {
      return Type.VOID;
    }
    Type known = types.get(e);
    if (known == null) {
      known = make(e);
      types.put(e, known);
    }
    return known;
  }

  private Type make(Entry e) {
    int size = (int) e.number(Entry.BYTE_SIZE, 0);
    String name = e.text(Entry.NAME);
    String full = name == null ? null : qualifier(e) + name;
    return switch (e.tag) {
      case 0x24 -> new Type(baseKind(e), name, size, null, -1, e, this);
      case 0x0f -> new Type(Kind.POINTER, "*", 4, () -> typeOf(e), -1, e, this);
      case 0x10 -> new Type(Kind.REFERENCE, "&", 4, () -> typeOf(e), -1, e, this);
      case 0x42 -> new Type(Kind.REFERENCE, "&&", 4, () -> typeOf(e), -1, e, this);
      case 0x16 -> new Type(Kind.TYPEDEF, full, 0, () -> typeOf(e), -1, e, this);
      case 0x26 -> new Type(Kind.QUALIFIED, "const", 0, () -> typeOf(e), -1, e, this);
      case 0x35 -> new Type(Kind.QUALIFIED, "volatile", 0, () -> typeOf(e), -1, e, this);
      case 0x37 -> new Type(Kind.QUALIFIED, "restrict", 0, () -> typeOf(e), -1, e, this);
      case 0x47 -> new Type(Kind.QUALIFIED, "_Atomic", 0, () -> typeOf(e), -1, e, this);
      case 0x04 -> new Type(Kind.ENUM, full, size, () -> typeOf(e), -1, e, this);
      case 0x02, 0x13, 0x17 -> structure(e, full, size);
      case 0x01 -> array(e, 0);
      case 0x15 -> functionType(e);
      default -> new Type(Kind.VOID, name == null ? "?" : name, size, null, -1, e, this);
    };
  }

  /** A structure that is only declared here is the one of its name that is defined elsewhere. */
  private Type structure(Entry e, String name, int size) {
    Entry signed = e.reference(Entry.SIGNATURE);
    if (signed != null && signed != e) {
      return type(signed);
    }
    Entry defined = e.has(Entry.DECLARATION) && name != null ? typesByName.get(name) : null;
    return defined != null && defined != e
        ? type(defined)
        : new Type(Kind.STRUCT, name, size, null, -1, e, this);
  }

  private Type functionType(Entry e) {
    return new Type(
        Kind.FUNCTION,
        e.name(),
        1,
        () -> typeOf(e),
        -1,
        e.with(Entry.NAME) == null ? e : parametersOf(e),
        this);
  }

  /** The entry whose children are the parameters: a function's own, or those it is made from. */
  private static Entry parametersOf(Entry e) {
    Entry origin = e.reference(Entry.ABSTRACT_ORIGIN);
    return origin == null ? e : origin;
  }

  private static Kind baseKind(Entry e) {
    return switch ((int) e.number(Entry.ENCODING, 0)) {
      case 2 -> Kind.BOOL;
      case 4 -> Kind.FLOAT;
      case 5, 6 -> Kind.SIGNED;
      case 7, 8, 16 -> Kind.UNSIGNED;
      default -> Kind.VOID;
    };
  }

  /** An array of several dimensions is one of arrays. */
  private Type array(Entry e, int dimension) {
    List<Entry> ranges = e.children.stream().filter(c -> c.tag == 0x21).toList();
    int count = -1;
    if (dimension < ranges.size()) {
      Entry range = ranges.get(dimension);
      if (range.has(Entry.COUNT)) {
        count = (int) range.number(Entry.COUNT, -1);
      } else if (range.has(Entry.UPPER_BOUND)) {
        count = (int) range.number(Entry.UPPER_BOUND, -2) + 1;
      }
    }
    boolean more = dimension + 1 < ranges.size();
    return new Type(
        Kind.ARRAY, null, 0, () -> more ? array(e, dimension + 1) : typeOf(e), count, e, this);
  }

  List<Member> members(Entry e) {
    List<Member> members = new ArrayList<>();
    for (Entry c : e.children) {
      boolean base = c.tag == INHERITANCE;
      boolean isStatic = c.has(Entry.EXTERNAL) || c.has(Entry.DECLARATION);
      if (!base && (c.tag != MEMBER || isStatic)) {
        continue;
      }
      Type type = typeOf(c);
      int bits = (int) c.number(Entry.BIT_SIZE, 0);
      int offset = (int) c.number(Entry.MEMBER_LOCATION, 0);
      int shift = 0;
      if (bits > 0 && c.has(Entry.DATA_BIT_OFFSET)) {
        int all = (int) c.number(Entry.DATA_BIT_OFFSET, 0);
        offset = all / 8;
        shift = all % 8;
      } else if (bits > 0) { // DWARF 2 counts from the highest bit of the storage
        int unitBits = 8 * (int) c.number(Entry.BYTE_SIZE, type.size());
        shift = unitBits - bits - (int) c.number(Entry.BIT_OFFSET, 0);
      }
      String name = base ? type.name() : c.text(Entry.NAME);
      members.add(new Member(name, type, offset, bits, shift, base));
    }
    return members;
  }
}
