package org.curios.machine.image.dwarf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Maps instructions of an image to source lines, and source lines to their code. */
public final class LineTable {
  /**
   * A place in the source.
   *
   * @param file path as the compiler was given it
   * @param line from 1
   */
  public record Line(String file, int line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /** The line that starts at an address; null at the end of a sequence. */
  private final NavigableMap<Long, Line> starts = new TreeMap<>();

  /** By file and line, the starts of statements. */
  private final Map<String, NavigableMap<Integer, NavigableSet<Integer>>> statements =
      new TreeMap<>();

  /** Sequences at address 0 are functions that the linker has removed. */
  private boolean discarding;

  private Line lastStatement;

  LineTable() {}

  void add(LineProgram.Row row) {
    if (row.address() == 0) {
      discarding = true;
    }
    if (!discarding) {
      long address = Integer.toUnsignedLong(row.address());
      if (row.end()) {
        starts.putIfAbsent(address, null);
      } else if (row.line() != 0) { // code without a line belongs to the previous one, as in gdb
        Line line = new Line(row.file(), row.line());
        starts.put(address, line);
        if (row.statement() && !line.equals(lastStatement)) {
          statements
              .computeIfAbsent(line.file, f -> new TreeMap<>())
              .computeIfAbsent(line.line, l -> new TreeSet<>(Integer::compareUnsigned))
              .add(row.address());
        }
        lastStatement = row.statement() ? line : lastStatement;
      }
    }
    if (row.end()) {
      discarding = false;
      lastStatement = null;
    }
  }

  /** Returns the source line of the instruction at an address, or null if none is known. */
  public Line at(int address) {
    Map.Entry<Long, Line> e = starts.floorEntry(Integer.toUnsignedLong(address));
    return e == null ? null : e.getValue();
  }

  /** Returns whether the code of another line starts at an address. */
  public boolean startsAt(int address) {
    long at = Integer.toUnsignedLong(address);
    Line here = starts.get(at);
    if (here == null) {
      return false;
    }
    Map.Entry<Long, Line> before = starts.lowerEntry(at);
    return before == null || !here.equals(before.getValue());
  }

  /** Returns the addresses of a range at which the code of another line starts, rising. */
  public List<Integer> startsWithin(int from, int bytes) {
    long first = Integer.toUnsignedLong(from);
    return starts.subMap(first, first + bytes).keySet().stream()
        .map(Long::intValue)
        .filter(this::startsAt)
        .toList();
  }

  /** Returns the source files that have code. */
  public List<String> files() {
    return List.copyOf(statements.keySet());
  }

  /**
   * Returns the source files with code that a name may mean: the same path, or one that ends with
   * {@code /name}.
   */
  public List<String> filesNamed(String name) {
    return statements.keySet().stream()
        .filter(f -> f.equals(name) || f.endsWith("/" + name))
        .toList();
  }

  /** Returns the lines of a file that have code, rising. */
  public List<Integer> lines(String file) {
    return List.copyOf(statements.getOrDefault(file, new TreeMap<>()).keySet());
  }

  /**
   * Returns the addresses at which a line begins, or else those of the next line of the file that
   * has code.
   *
   * @param file path as {@link #files} gives it
   * @param line from 1
   * @return rising addresses, of which inlined copies make several; empty if there is no code
   */
  public List<Integer> addresses(String file, int line) {
    NavigableMap<Integer, NavigableSet<Integer>> lines = statements.get(file);
    Map.Entry<Integer, NavigableSet<Integer>> found =
        lines == null ? null : lines.ceilingEntry(line);
    return found == null ? List.of() : new ArrayList<>(found.getValue());
  }
}
