package org.curios.lab.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.curios.lab.LabException;
import org.curios.machine.image.Image;
import org.curios.machine.image.SymbolNames;

/** The symbols of an image, by name and by address, with C++ names made readable. */
public final class Symbols {
  private final NavigableMap<Long, Image.Symbol> byAddress = new TreeMap<>();
  private final Map<String, Image.Symbol> byName = new TreeMap<>();
  private final Map<String, List<Image.Symbol>> byReadable = new TreeMap<>();

  /** Takes the symbols of an image. */
  public Symbols(Image image) {
    for (Image.Symbol s : image.symbols()) {
      if (s.name().startsWith("$")) {
        continue;
      }
      Image.Symbol known = byAddress.get(Integer.toUnsignedLong(s.address()));
      if (known == null || known.size() == 0) {
        byAddress.put(Integer.toUnsignedLong(s.address()), s);
      }
      byName.putIfAbsent(s.name(), s);
      byName.putIfAbsent(readable(s.name()), s);
      byReadable.computeIfAbsent(readable(s.name()), n -> new ArrayList<>()).add(s);
    }
  }

  /** Names that a user would type. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    byName.keySet().stream().filter(n -> !n.startsWith("_Z")).forEach(names::add);
    return names;
  }

  /** Returns the symbol with a name, or null. */
  public Image.Symbol find(String name) {
    return byName.get(name);
  }

  /**
   * Returns the symbol with a name.
   *
   * @throws LabException if there is none
   */
  public Image.Symbol require(String name) {
    Image.Symbol s = find(name);
    if (s == null) {
      throw new LabException("the image has no symbol " + name);
    }
    return s;
  }

  /**
   * Returns the variable with a name, without its namespaces, in a MiB of addresses.
   *
   * @throws LabException if there is none
   */
  public Image.Symbol ofSection(String name, int section) {
    long start = Integer.toUnsignedLong(section << 20);
    for (Image.Symbol s : byAddress.subMap(start, start + (1 << 20)).values()) {
      String readable = readable(s.name());
      if (readable.substring(readable.lastIndexOf(':') + 1).equals(name)) {
        return s;
      }
    }
    throw new LabException("the image has no variable " + name);
  }

  /** Returns all symbols with a name, such as functions of several files. */
  public List<Image.Symbol> all(String name) {
    return byReadable.getOrDefault(name, List.of());
  }

  /** Returns the symbol that an address lies in, or null. */
  public Image.Symbol at(int address) {
    Map.Entry<Long, Image.Symbol> e = byAddress.floorEntry(Integer.toUnsignedLong(address));
    if (e == null) {
      return null;
    }
    long distance = Integer.toUnsignedLong(address) - e.getKey();
    boolean inside = distance < Math.max(Integer.toUnsignedLong(e.getValue().size()), 4);
    return inside || e.getValue().size() == 0 && distance < 4096 ? e.getValue() : null;
  }

  /** Returns {@code name+offset}, or an empty text. */
  public String describe(int address) {
    Image.Symbol s = at(address);
    if (s == null) {
      return "";
    }
    int offset = address - s.address();
    return readable(s.name()) + (offset == 0 ? "" : "+" + offset);
  }

  /** Returns a name as a person would write it: no parameters. */
  public static String readable(String name) {
    return SymbolNames.readable(name);
  }
}
