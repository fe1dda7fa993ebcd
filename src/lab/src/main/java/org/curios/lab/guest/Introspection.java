package org.curios.lab.guest;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import org.curios.lab.LabException;
import org.curios.machine.image.Image;

/**
 * The table with which an image of CuriOS describes its structures (kernel/include/curios/
 * introspect.h): those of the kernel by their names, and the states of services by the service's
 * name.
 */
final class Introspection {
  private static final int LINE = 64;
  private static final int NAME = 24;
  private static final int NUMBERS = 2 * NAME;

  /** The meaning of a field's value. */
  enum Show {
    UNSIGNED,
    SIGNED,
    HEX,
    TEXT,
    MICROSECONDS,
    PASSING,
    NOTED,
    DUE;

    /** Returns whether two runs agree on it, regardless of time. */
    boolean isTimeless() {
      return this != MICROSECONDS && this != PASSING && this != DUE;
    }
  }

  /**
   * A field of a structure.
   *
   * @param name its name; ARRAY.NAME for a field of each element of an array of structures
   * @param offset bytes from the start of the structure
   * @param size bytes of one element
   * @param count elements; 1 if it is not an array
   * @param stride bytes from one element to the next
   * @param show how it is meant
   */
  record Field(String name, int offset, int size, int count, int stride, Show show) {}

  private final Map<String, Map<String, Field>> types = new LinkedHashMap<>();

  private Introspection() {}

  /**
   * Reads the table between two physical addresses.
   *
   * @param memory returns a little-endian number, given its physical address and size in bytes
   */
  static Introspection read(IntBinaryOperator memory, int start, int end) {
    Introspection table = new Introspection();
    for (int at = start; at + LINE <= end; at += LINE) {
      int numbers = at + NUMBERS;
      String name = text(memory, at + NAME, NAME);
      table
          .types
          .computeIfAbsent(text(memory, at, NAME), t -> new LinkedHashMap<>())
          .put(
              name,
              new Field(
                  name,
                  half(memory, numbers),
                  half(memory, numbers + 2),
                  half(memory, numbers + 4),
                  half(memory, numbers + 6),
                  Show.values()[half(memory, numbers + 8)]));
    }
    return table;
  }

  /** Returns a reader of an image that is not loaded; it returns 0 outside the image. */
  static IntBinaryOperator memory(Image image) {
    return (address, bytes) -> {
      for (Image.Segment s : image.segments()) {
        int at = address - s.address();
        if (at >= 0 && at + bytes <= s.bytes().length) {
          int value = 0;
          for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | s.bytes()[at + i] & 0xff;
          }
          return value;
        }
      }
      return 0;
    };
  }

  private static int half(IntBinaryOperator memory, int address) {
    return memory.applyAsInt(address, 2);
  }

  /** Reads a text that ends with a zero, or with the room for it. */
  static String text(IntBinaryOperator memory, int address, int room) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < room && memory.applyAsInt(address + i, 1) != 0; i++) {
      text.append((char) memory.applyAsInt(address + i, 1));
    }
    return text.toString();
  }

  /** Returns a field; the empty name is the whole structure. */
  Field field(String type, String name) {
    Field f = types.getOrDefault(type, Map.of()).get(name);
    if (f == null) {
      throw new LabException(
          "the image does not describe " + type + (name.isEmpty() ? "" : "." + name));
    }
    return f;
  }

  /** Returns the described variables of a service. */
  List<String> variables(String service) {
    String start = service + ".";
    return types.keySet().stream()
        .filter(t -> t.startsWith(start))
        .map(t -> t.substring(start.length()))
        .toList();
  }

  /** Returns all rows of a structure; empty for an unknown one. */
  Collection<Field> rows(String type) {
    return types.getOrDefault(type, Map.of()).values();
  }

  /** Returns the fields of a structure in the order of the table; empty for an unknown one. */
  List<Field> fields(String type) {
    return types.getOrDefault(type, Map.of()).values().stream()
        .filter(f -> !f.name.isEmpty())
        .toList();
  }
}
