package org.curios.lab.inspect;

import java.util.List;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Variables;

/**
 * A type as written.
 *
 * @param words such as {@code unsigned int}
 * @param stars how many follow
 */
public record TypeName(List<String> words, int stars) {
  /** Words of types besides their names. */
  private static final List<String> TYPE_WORDS =
      List.of("unsigned", "signed", "char", "short", "int", "long", "void");

  /** Words that may accompany them. */
  private static final List<String> DECORATION =
      List.of("const", "volatile", "struct", "class", "union", "enum");

  /** Copies the words. */
  public TypeName {
    words = List.copyOf(words);
  }

  /**
   * Returns the type that a text names, such as {@code State *}.
   *
   * @param pc of several, the one of the file is meant that the code at this address is from
   * @return null if there is none
   */
  public static Type find(String text, Variables variables, int pc) {
    String name = text.strip();
    int stars = 0;
    while (name.endsWith("*")) {
      name = name.substring(0, name.length() - 1).strip();
      stars++;
    }
    if (name.isEmpty() || !name.matches("[\\w: ]+")) {
      return null;
    }
    return new TypeName(List.of(name.split(" +")), stars).type(variables, pc);
  }

  /** Returns the type that it denotes for the code at an address; null if there is none. */
  Type type(Variables variables, int pc) {
    Type type = named(words, variables, pc);
    for (int i = 0; i < stars && type != null; i++) {
      type = Type.pointerTo(type);
    }
    return type;
  }

  /** Returns the type that words denote, or null. */
  private static Type named(List<String> words, Variables variables, int pc) {
    List<String> names = words.stream().filter(w -> !DECORATION.contains(w)).toList();
    if (variables != null) {
      Type known = variables.type(String.join(" ", names), pc);
      if (known != null) {
        return known;
      }
    }
    if (names.isEmpty() || !TYPE_WORDS.containsAll(names)) {
      return null;
    }
    boolean unsigned = names.contains("unsigned");
    if (names.contains("void")) {
      return Type.VOID;
    }
    if (names.contains("char")) {
      return unsigned ? Type.UNSIGNED_CHAR : Type.SIGNED_CHAR;
    }
    if (names.contains("short")) {
      return unsigned ? Type.UNSIGNED_SHORT : Type.SHORT;
    }
    if (names.stream().filter("long"::equals).count() == 2) {
      return unsigned ? Type.UNSIGNED_LONG_LONG : Type.LONG_LONG;
    }
    return unsigned ? Type.UNSIGNED_INT : Type.INT;
  }
}
