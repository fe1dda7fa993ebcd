package org.curios.machine.image.dwarf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A type of C or C++. Its parts are looked up on first use. */
public final class Type {
  /** What a type is without its typedefs and qualifiers. */
  public enum Kind {
    VOID,
    BOOL,
    SIGNED,
    UNSIGNED,
    FLOAT,
    ENUM,
    POINTER,
    REFERENCE,
    ARRAY,
    STRUCT,
    FUNCTION,
    /** A typedef, with the same values as its target. */
    TYPEDEF,
    /** {@code const}, {@code volatile} and the like: of the same values as its target. */
    QUALIFIED
  }

  /**
   * A part of a structure.
   *
   * @param name null for an unnamed one
   * @param offset bytes from the start of the structure
   * @param bits width of a bit field; 0 for others
   * @param shift the lowest bit of a bit field, from the lowest bit at {@code offset}
   * @param base whether it is a base class
   */
  public record Member(String name, Type type, int offset, int bits, int shift, boolean base) {}

  /** The type of registers and plain numbers. */
  public static final Type INT = new Type(Kind.SIGNED, "int", 4);

  /** The type of unsigned words. */
  public static final Type UNSIGNED_INT = new Type(Kind.UNSIGNED, "unsigned int", 4);

  public static final Type SIGNED_CHAR = new Type(Kind.SIGNED, "signed char", 1);

  public static final Type UNSIGNED_CHAR = new Type(Kind.UNSIGNED, "unsigned char", 1);

  public static final Type SHORT = new Type(Kind.SIGNED, "short", 2);

  public static final Type UNSIGNED_SHORT = new Type(Kind.UNSIGNED, "unsigned short", 2);

  public static final Type LONG_LONG = new Type(Kind.SIGNED, "long long", 8);

  public static final Type UNSIGNED_LONG_LONG = new Type(Kind.UNSIGNED, "unsigned long long", 8);

  public static final Type VOID = new Type(Kind.VOID, "void", 0);

  private final Kind kind;
  private final String name;
  private final int size;
  private final Supplier<Type> targetSource;
  private final int count;
  private final Entry entry;
  private final Variables types;
  private Type target;
  private List<Member> members;
  private Map<Long, String> enumerators;
  private List<Type> parameters;

  private Type(Kind kind, String name, int size) {
    this(kind, name, size, null, -1, null, null);
  }

  /**
   * Makes a type.
   *
   * @param name as in the source; the word of the qualifier; {@code struct}, {@code &} and so on
   *     come from the entry
   * @param size bytes; 0 if unknown or that of the target
   * @param count elements of an array; -1 if unknown
   */
  Type(
      Kind kind,
      String name,
      int size,
      Supplier<Type> target,
      int count,
      Entry entry,
      Variables types) {
    this.kind = kind;
    this.name = name;
    this.size = size;
    this.targetSource = target;
    this.count = count;
    this.entry = entry;
    this.types = types;
  }

  /** Returns the type of pointers to a type. */
  public static Type pointerTo(Type target) {
    return new Type(Kind.POINTER, "*", 4, () -> target, -1, null, null);
  }

  /** Returns its kind, including typedefs and qualifiers. */
  public Kind kind() {
    return kind;
  }

  /** Returns the type without typedefs and qualifiers. */
  public Type plain() {
    Type t = this;
    for (int i = 0; i < 64 && (t.kind == Kind.TYPEDEF || t.kind == Kind.QUALIFIED); i++) {
      t = t.target();
    }
    return t;
  }

  /**
   * Returns the target of a pointer, the element of an array, the result of a function, or the type
   * that a typedef names.
   */
  public synchronized Type target() {
    if (target == null) {
      target = targetSource == null ? VOID : targetSource.get();
    }
    return target;
  }

  /** Returns the bytes of a value. */
  public int size() {
    Type t = plain();
    return t.kind == Kind.ARRAY ? Math.max(0, t.count) * t.target().size() : t.size;
  }

  /** Returns the elements of an array; -1 if it is not known. */
  public int count() {
    return plain().count;
  }

  /** Returns whether it is a number, an address or the like, of a word or two. */
  public boolean isScalar() {
    return switch (plain().kind) {
      case BOOL, SIGNED, UNSIGNED, ENUM, POINTER, REFERENCE -> true;
      default -> false;
    };
  }

  /** Returns whether values have a sign. */
  public boolean isSigned() {
    Type t = plain();
    if (t.kind == Kind.ENUM) {
      return t.enumerators().keySet().stream().anyMatch(v -> v < 0);
    }
    return t.kind == Kind.SIGNED;
  }

  /** Returns whether it is a byte that may represent a character. */
  public boolean isCharacter() {
    Type t = plain();
    return t.size == 1 && (t.kind == Kind.SIGNED || t.kind == Kind.UNSIGNED);
  }

  /** Returns whether enumerators are qualified by the name of their type. */
  public boolean isEnumClass() {
    Type t = plain();
    return t.entry != null && t.entry.has(Entry.ENUM_CLASS);
  }

  /** Returns the parts of a structure that occupy memory in it, base classes first. */
  public synchronized List<Member> members() {
    Type t = plain();
    if (t != this) {
      return t.members();
    }
    if (members == null) {
      members = entry == null ? List.of() : types.members(entry);
    }
    return members;
  }

  /** Returns the names of an enumeration by their values. */
  public synchronized Map<Long, String> enumerators() {
    Type t = plain();
    if (t != this) {
      return t.enumerators();
    }
    if (enumerators == null) {
      enumerators = new LinkedHashMap<>();
      if (entry != null) {
        for (Entry e : entry.children) {
          enumerators.putIfAbsent(e.number(Entry.CONST_VALUE, 0), e.text(Entry.NAME));
        }
      }
    }
    return enumerators;
  }

  /** Returns the types of a function's parameters. */
  public synchronized List<Type> parameters() {
    if (parameters == null) {
      parameters = new ArrayList<>();
      for (Entry e : entry == null ? List.<Entry>of() : entry.children) {
        if (e.tag == Variables.PARAMETER) {
          parameters.add(types.typeOf(e));
        }
      }
    }
    return parameters;
  }

  /** Returns a member by its name, in unnamed parts and base classes too; null if there is none. */
  public Member member(String wanted) {
    for (Member m : members()) {
      if (wanted.equals(m.name)) {
        return m;
      }
    }
    for (Member m : members()) {
      boolean isOpen = m.base || m.name == null;
      Member inner = isOpen && m.type.plain().kind == Kind.STRUCT ? m.type.member(wanted) : null;
      if (inner != null) {
        return new Member(
            wanted, inner.type, m.offset + inner.offset, inner.bits, inner.shift, inner.base);
      }
    }
    return null;
  }

  /** Returns whether it is a structure or enumeration without a name. */
  public boolean isUnnamed() {
    return plain().name == null;
  }

  /** Returns the type as written in C++. */
  public String name() {
    return name("");
  }

  /** Returns a declaration of something of this type. */
  public String name(String declared) {
    return switch (kind) {
      case POINTER, REFERENCE -> pointerName(declared);
      case ARRAY -> target().name(declared + (declared.isEmpty() ? " [" : "[") + counted() + "]");
      case FUNCTION -> {
        List<String> names = parameters().stream().map(Type::name).toList();
        String list = names.isEmpty() ? "void" : String.join(", ", names);
        yield target().name() + " " + (declared.isEmpty() ? "" : declared) + "(" + list + ")";
      }
      case QUALIFIED -> {
        boolean follows = target().kind == Kind.POINTER;
        yield follows
            ? target().name(" " + name + (declared.isEmpty() ? "" : " " + declared))
            : name + " " + target().name(declared);
      }
      default -> join(name == null ? anonymous() : name, declared);
    };
  }

  private String counted() {
    return count < 0 ? "" : Integer.toString(count);
  }

  private static String join(String name, String declared) {
    if (declared.isEmpty() || declared.startsWith(" ")) {
      return name + declared;
    }
    return name + " " + declared;
  }

  private String pointerName(String declared) {
    String mark = name + declared;
    Kind of = target().kind;
    return of == Kind.FUNCTION || of == Kind.ARRAY
        ? target().name("(" + mark + ")")
        : target().name(mark);
  }

  /** Returns {@code struct}, {@code union}, {@code class} or {@code enum}. */
  public String keyword() {
    return switch (plain().entry == null ? 0 : plain().entry.tag) {
      case 0x02 -> "class";
      case 0x17 -> "union";
      case 0x04 -> isEnumClass() ? "enum class" : "enum";
      default -> "struct";
    };
  }

  private String anonymous() {
    return keyword() + " {...}";
  }
}
