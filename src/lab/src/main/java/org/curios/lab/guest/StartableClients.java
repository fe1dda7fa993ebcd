package org.curios.lab.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.program.Symbols;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/** The clients that CuriOS can start, read from the descriptors of the embedded image. */
final class StartableClients {
  /** Number of the first one that boot arguments choose (kernel/cuik/boot.cc). */
  private static final int FIRST = 16;

  private static final int POINTER = 4;

  /** Characters of {@code run=} that the kernel reads (kernel/cuik/boot.cc). */
  private static final int MOST_CHARACTERS = 159;

  /** Read when the first list is checked. */
  private static final class Embedded {
    static final List<String> NAMES = read();
  }

  private StartableClients() {}

  private static List<String> read() {
    try {
      return names(Image.parse("curios", Images.elf("curios")));
    } catch (ImageException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(Image image) {
    Symbols symbols = new Symbols(image);
    IntBinaryOperator memory = Introspection.memory(image);
    Introspection types =
        Introspection.read(
            memory,
            symbols.require("introspection").address(),
            symbols.require("introspection_end").address());
    List<String> names = new ArrayList<>();
    int end = symbols.require("__descriptors_end").address();
    for (int at = symbols.require("__descriptors_start").address(); at < end; at += POINTER) {
      int descriptor = memory.applyAsInt(at, POINTER);
      int id = field(memory, types, descriptor, "id");
      if (id >= FIRST && field(memory, types, descriptor, "method_count") == 0) {
        Introspection.Field name = types.field("Descriptor", "name");
        names.add(
            Introspection.text(memory, descriptor + name.offset(), name.count() * name.size()));
      }
    }
    return List.copyOf(names);
  }

  private static int field(
      IntBinaryOperator memory, Introspection types, int descriptor, String name) {
    Introspection.Field f = types.field("Descriptor", name);
    return memory.applyAsInt(descriptor + f.offset(), f.size());
  }

  /**
   * Checks the clients to run: names of clients, or of groups, separated by commas.
   *
   * @throws LabException naming the first that does not exist
   */
  static void check(String run) {
    if (run.length() > MOST_CHARACTERS) {
      throw new LabException(
          "clients " + run + ": " + MOST_CHARACTERS + " characters at most; use groups");
    }
    for (String entry : run.split(",", -1)) {
      if (Embedded.NAMES.stream().noneMatch(n -> means(entry, n))) {
        List<String> groups = groups();
        List<String> known = Stream.concat(groups.stream(), Embedded.NAMES.stream()).toList();
        throw new LabException(
            (entry.isEmpty()
                    ? "clients '" + run + "': a name is missing"
                    : entry + ": no such client")
                + Nearest.hint(entry, known)
                + "; there are "
                + String.join(", ", groups)
                + ", all of a group or one of it, as in steady0");
      }
    }
  }

  /** Whether an entry names a client, by its name or its group, as the kernel interprets it. */
  private static boolean means(String entry, String name) {
    return !entry.isEmpty()
        && name.startsWith(entry)
        && (name.length() == entry.length() || Character.isDigit(name.charAt(entry.length())));
  }

  private static List<String> groups() {
    return Embedded.NAMES.stream().map(n -> n.replaceFirst("\\d+$", "")).distinct().toList();
  }
}
