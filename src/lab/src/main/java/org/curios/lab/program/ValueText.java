package org.curios.lab.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Type.Kind;
import org.curios.machine.image.dwarf.Type.Member;

/** Values and types as gdb shows them. */
public final class ValueText {
  /** Elements and characters that are shown of an array. */
  private static final int MOST = 200;

  /** Runs of at least this many equal elements are shown once. */
  private static final int REPEATS = 10;

  private static final int WIDTH = 76;
  private static final int DEEPEST = 20;

  /** Returns a name for an address, or an empty text. */
  @FunctionalInterface
  public interface Namer {
    String describe(int address);
  }

  /** Returns the byte at an address, or -1. */
  @FunctionalInterface
  public interface Bytes {
    int at(int address);
  }

  private final Namer namer;
  private final Bytes bytes;
  private final char letter;

  /**
   * Makes a writer.
   *
   * @param bytes for the texts behind pointers to characters
   * @param letter gdb's letter for numbers: x, d, u, o, t, c; a blank for the type's default
   */
  public ValueText(Namer namer, Bytes bytes, char letter) {
    this.namer = namer;
    this.bytes = bytes;
    this.letter = letter;
  }

  /** Returns the letter for numbers. */
  public char letter() {
    return letter;
  }

  /** Returns the same with another letter. */
  public ValueText with(char other) {
    return new ValueText(namer, bytes, other);
  }

  /** Returns a value: in one line if it is short, otherwise with a line for each part. */
  public String text(Value v) {
    Type type = v.type().plain();
    if (letter == ' ' && type.kind() == Kind.POINTER && v.isKnown() && !pointsToChar(type)) {
      return "(" + v.type().name() + ") " + scalar(v, type);
    }
    return String.join("\n", lines(v, 0));
  }

  /** A text that fits is one line; otherwise each part has its own line. */
  private List<String> lines(Value v, int depth) {
    Type type = v.type().plain();
    if (type.kind() == Kind.STRUCT && !v.isUnknown()) {
      return depth > DEEPEST ? List.of("{...}") : structure(v, type, depth);
    }
    if (type.kind() == Kind.ARRAY && !(v.isUnknown() && type.size() > 0)) {
      return isText(type) ? List.of(characters(v, type)) : array(v, type, depth);
    }
    return List.of(scalar(v, type));
  }

  private List<String> structure(Value v, Type type, int depth) {
    List<List<String>> parts = new ArrayList<>();
    for (Member m : type.members()) {
      String name = m.base() ? "<" + m.name() + "> = " : m.name() == null ? "" : m.name() + " = ";
      List<String> part = new ArrayList<>(lines(v.member(m), depth + 1));
      part.set(0, name + part.get(0));
      parts.add(part);
    }
    return braced(parts);
  }

  private List<String> array(Value v, Type type, int depth) {
    List<List<String>> parts = new ArrayList<>();
    int count = Math.max(0, type.count());
    int shown = 0;
    for (int i = 0; i < count && shown < MOST; ) {
      Value element = v.element(i);
      int same = 1;
      while (i + same < count && element.sameAs(v.element(i + same))) {
        same++;
      }
      List<String> part = new ArrayList<>(lines(element, depth + 1));
      boolean repeats = same >= REPEATS;
      if (repeats) {
        part.set(part.size() - 1, part.getLast() + " <repeats " + same + " times>");
      }
      parts.add(part);
      i += repeats ? same : 1;
      shown += repeats ? REPEATS : 1;
      if (shown >= MOST && i < count) {
        part.set(part.size() - 1, part.getLast() + "...");
      }
    }
    return braced(parts);
  }

  private static List<String> braced(List<List<String>> parts) {
    int width = 2;
    boolean oneLine = true;
    for (List<String> p : parts) {
      oneLine &= p.size() == 1;
      width += p.get(0).length() + 2;
    }
    if (oneLine && width <= WIDTH) {
      return List.of("{" + String.join(", ", parts.stream().map(p -> p.get(0)).toList()) + "}");
    }
    List<String> lines = new ArrayList<>();
    lines.add("{");
    for (int i = 0; i < parts.size(); i++) {
      List<String> part = parts.get(i);
      for (int j = 0; j < part.size(); j++) {
        boolean comma = j + 1 == part.size() && i + 1 < parts.size();
        lines.add("  " + part.get(j) + (comma ? "," : ""));
      }
    }
    lines.add("}");
    return lines;
  }

  private String scalar(Value v, Type type) {
    if (type.kind() == Kind.FUNCTION) {
      return "{" + v.type().name() + "} " + named(v.address());
    }
    if (!v.isKnown()) {
      return "<" + v.whyUnknown() + ">";
    }
    if (type.kind() == Kind.VOID) {
      return "void";
    }
    if (type.kind() == Kind.FLOAT) {
      return floating(v);
    }
    long number = v.number();
    if (letter != ' ') {
      return formatted(number, v.type().size());
    }
    return switch (type.kind()) {
      case BOOL -> number == 0 ? "false" : number == 1 ? "true" : Long.toString(number);
      case ENUM -> enumerator(type, number);
      case POINTER, REFERENCE -> pointer(type, (int) number);
      default ->
          type.isCharacter()
              ? number + " '" + character((int) number & 0xff, '\'') + "'"
              : type.isSigned() ? Long.toString(number) : Long.toUnsignedString(number);
    };
  }

  private String formatted(long number, int size) {
    long mask = size >= 8 ? -1 : (1L << 8 * size) - 1;
    return switch (letter) {
      case 'd' -> Long.toString(number << 64 - 8 * size >> 64 - 8 * size);
      case 'u' -> Long.toUnsignedString(number & mask);
      case 'o' -> (number & mask) == 0 ? "0" : "0" + Long.toOctalString(number & mask);
      case 't' -> Long.toBinaryString(number & mask);
      case 'c' -> (byte) number + " '" + character((int) number & 0xff, '\'') + "'";
      case 'a' -> named((int) number);
      default -> "0x" + Long.toHexString(number & mask);
    };
  }

  private static String floating(Value v) {
    double value =
        v.type().size() == 4
            ? Float.intBitsToFloat((int) v.bits())
            : Double.longBitsToDouble(v.bits());
    String text = v.type().size() == 4 ? Float.toString((float) value) : Double.toString(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static String enumerator(Type type, long number) {
    String prefix = type.isEnumClass() ? type.name() + "::" : scopeOf(type);
    String exact = type.enumerators().get(number);
    if (exact != null) {
      return prefix + exact;
    }
    long seen = 0;
    boolean flags = !type.enumerators().isEmpty();
    for (long value : type.enumerators().keySet()) {
      flags &= value >= 0 && (seen & value) == 0 && contiguous(value);
      seen |= value;
    }
    if (!flags || number == 0) {
      return Long.toString(number);
    }
    List<String> parts = new ArrayList<>();
    long rest = number;
    for (Map.Entry<Long, String> e : type.enumerators().entrySet()) {
      if (e.getKey() != 0 && (number & e.getKey()) == e.getKey()) {
        parts.add(prefix + e.getValue());
        rest &= ~e.getKey();
      }
    }
    if (parts.isEmpty()) {
      return "(unknown: 0x" + Long.toHexString(rest) + ")";
    }
    if (rest != 0) {
      parts.add("unknown: 0x" + Long.toHexString(rest));
    }
    return "(" + String.join(" | ", parts) + ")";
  }

  private static boolean contiguous(long value) {
    long shifted = value == 0 ? 0 : value >> Long.numberOfTrailingZeros(value);
    return (shifted & shifted + 1) == 0;
  }

  private static String scopeOf(Type type) {
    String name = type.name();
    int end = name.lastIndexOf("::");
    return end < 0 ? "" : name.substring(0, end + 2);
  }

  private String pointer(Type type, int address) {
    if (pointsToText(type)) {
      return "0x" + Integer.toHexString(address) + (address == 0 ? "" : " " + string(address));
    }
    return (type.kind() == Kind.REFERENCE ? "@" : "") + named(address);
  }

  private String named(int address) {
    String name = namer.describe(address);
    return "0x" + Integer.toHexString(address) + (name.isEmpty() ? "" : " <" + name + ">");
  }

  private static boolean pointsToText(Type pointer) {
    return pointer.kind() == Kind.POINTER && pointer.target().isCharacter();
  }

  /** As gdb has it, a typedef is worth to be shown in front of a text, and {@code char} is not. */
  private static boolean pointsToChar(Type pointer) {
    Type of = pointer.target();
    while (of.kind() == Kind.QUALIFIED) {
      of = of.target();
    }
    return pointsToText(pointer) && of.name().equals("char");
  }

  private boolean isText(Type array) {
    return (letter == ' ') && array.target().isCharacter() && array.count() > 0;
  }

  private String string(int address) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < MOST; i++) {
      int b = bytes.at(address + i);
      if (b < 0) {
        return i == 0 ? "<no memory>" : text + "\"...";
      }
      if (b == 0) {
        return text.append('"').toString();
      }
      text.append(character(b, '"'));
    }
    return text.append("\"...").toString();
  }

  /** An array of characters: texts, with long runs of one character apart. */
  private static String characters(Value v, Type type) {
    int length = type.count();
    if (v.byteAt(length - 1) == 0) { // the end of the text
      length--;
    }
    List<String> parts = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    int shown = 0;
    int i = 0;
    while (i < length && shown < MOST) {
      int b = v.byteAt(i);
      int same = 1;
      while (i + same < length && v.byteAt(i + same) == b) {
        same++;
      }
      if (b < 0) {
        close(open, parts);
        parts.add("<" + v.whyUnknown() + ">");
        i += same;
      } else if (same >= REPEATS) {
        close(open, parts);
        parts.add("'" + character(b, '\'') + "' <repeats " + same + " times>");
        shown += REPEATS;
        i += same;
      } else {
        open.append(character(b, '"'));
        shown++;
        i++;
      }
    }
    close(open, parts);
    return (parts.isEmpty() ? "\"\"" : String.join(", ", parts)) + (i < length ? "..." : "");
  }

  private static void close(StringBuilder open, List<String> parts) {
    if (!open.isEmpty()) {
      parts.add("\"" + open + "\"");
      open.setLength(0);
    }
  }

  private static String character(int c, char quote) {
    String simple = "\007a\bb\tt\nn\013v\ff\rr\033e";
    for (int i = 0; i < simple.length(); i += 2) {
      if (simple.charAt(i) == c) {
        return "\\" + simple.charAt(i + 1);
      }
    }
    if (c == quote || c == '\\') {
      return "\\" + (char) c;
    }
    return c >= 32 && c < 127 ? String.valueOf((char) c) : String.format(Locale.ROOT, "\\%03o", c);
  }

  // ---- types

  /**
   * Returns the definition of a type, as gdb's ptype does: structures and enumerations with their
   * parts.
   */
  public static List<String> definition(Type type) {
    return definition(type, "", 0);
  }

  /** Whether a member is a structure without a name, or an array of these. */
  private static boolean opensWithin(Type member) {
    Type t = member;
    while (t.kind() == Kind.ARRAY) {
      t = t.target();
    }
    return (t.kind() == Kind.STRUCT || t.kind() == Kind.ENUM) && t.isUnnamed();
  }

  private static List<String> definition(Type type, String declared, int depth) {
    StringBuilder marks = new StringBuilder(declared);
    Type t = type;
    boolean inner = depth > 0 && !opensWithin(type);
    while (true) {
      if (t.kind() == Kind.TYPEDEF && !inner) {
        t = t.target();
      } else if (t.kind() == Kind.POINTER && t.target().kind() != Kind.FUNCTION && !inner) {
        marks.insert(0, "*");
        t = t.target();
      } else if (t.kind() == Kind.REFERENCE && !inner) {
        marks.insert(0, "&");
        t = t.target();
      } else if (t.kind() == Kind.ARRAY && t.target().plain().kind() != Kind.ARRAY && !inner) {
        marks.append('[').append(t.count() < 0 ? "" : t.count()).append(']');
        t = t.target();
      } else {
        break;
      }
    }
    Type plain = t.plain();
    boolean isConst = t.kind() == Kind.QUALIFIED;
    boolean opens =
        (plain.kind() == Kind.STRUCT || plain.kind() == Kind.ENUM)
            && (!inner || plain.isUnnamed())
            && depth < DEEPEST;
    String suffix = marks.isEmpty() ? "" : " " + marks;
    if (!opens) {
      return List.of(inner || marks.isEmpty() ? t.name(declared) : t.name(marks.toString()));
    }
    List<String> lines = new ArrayList<>();
    String head =
        (isConst ? "const " : "") + plain.keyword() + (plain.isUnnamed() ? "" : " " + plain.name());
    if (plain.kind() == Kind.ENUM) {
      lines.add(head + " {" + enumerators(plain) + "}" + suffix);
      return lines;
    }
    lines.add(head + " {");
    for (Member m : plain.members()) {
      List<String> part =
          new ArrayList<>(
              definition(m.type(), m.base() || m.name() == null ? "" : m.name(), depth + 1));
      String bits = m.bits() > 0 ? " : " + m.bits() : "";
      part.set(part.size() - 1, part.getLast() + bits + ";");
      part.forEach(line -> lines.add("  " + line));
    }
    lines.add("}" + suffix);
    return lines;
  }

  private static String enumerators(Type type) {
    List<String> names = new ArrayList<>();
    long next = 0;
    for (Map.Entry<Long, String> e : type.enumerators().entrySet()) {
      names.add(e.getValue() + (e.getKey() == next ? "" : " = " + e.getKey()));
      next = e.getKey() + 1;
    }
    return String.join(", ", names);
  }
}
