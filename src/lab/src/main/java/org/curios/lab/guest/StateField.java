package org.curios.lab.guest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.curios.lab.LabException;

/**
 * A field of a server state region, as the server describes it.
 *
 * @param name its name; ARRAY.NAME for a field of each element of an array of structures
 * @param values its elements: numbers, or one text
 * @param isArray whether there can be several
 */
public record StateField(String name, List<Object> values, boolean isArray) {
  /** Decodes the bytes of a state. */
  static List<StateField> decode(byte[] state, List<Introspection.Field> fields) {
    List<StateField> all = new ArrayList<>();
    for (Introspection.Field f : fields) {
      if (f.offset() + (f.count() - 1) * f.stride() + f.size() > state.length) {
        throw new LabException("the description of " + f.name() + " exceeds the state");
      }
      all.add(
          f.show() == Introspection.Show.TEXT
              ? new StateField(f.name(), List.of(text(state, f)), false)
              : new StateField(f.name(), numbers(state, f), f.count() > 1));
    }
    return all;
  }

  private static String text(byte[] state, Introspection.Field f) {
    int end = f.offset();
    while (end < f.offset() + f.count() && state[end] != 0) {
      end++;
    }
    return new String(state, f.offset(), end - f.offset(), StandardCharsets.ISO_8859_1);
  }

  private static List<Object> numbers(byte[] state, Introspection.Field f) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < f.count(); i++) {
      long value = 0;
      for (int j = 0; j < f.size(); j++) {
        value |= (state[f.offset() + i * f.stride() + j] & 0xffL) << 8 * j;
      }
      int unused = 64 - 8 * f.size();
      switch (f.show()) {
        case SIGNED -> values.add(value << unused >> unused);
        case HEX -> values.add("%08x".formatted(value));
        default -> values.add(value);
      }
    }
    return values;
  }
}
