package org.curios.lab.program;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.curios.kernel.Images;
import org.curios.machine.image.Image;
import org.curios.machine.image.dwarf.FrameTable;
import org.curios.machine.image.dwarf.LineTable;
import org.curios.machine.image.dwarf.Variables;

/** The program in an image: symbols, source lines, source text, call frames. */
public final class Program {
  private final Image image;
  private final Symbols symbols;
  private final Map<String, List<String>> sources = new HashMap<>();

  /** Creates it from an image. */
  public Program(Image image) {
    this.image = image;
    this.symbols = new Symbols(image);
  }

  /** Returns the name of the image. */
  public String name() {
    return image.name();
  }

  /** Returns the symbols. */
  public Symbols symbols() {
    return symbols;
  }

  /** Returns the source lines of instructions. */
  public LineTable lines() {
    return image.debug().lines();
  }

  /** Returns variables, types and functions. */
  public Variables variables() {
    return image.debug().variables();
  }

  /** Returns how to find the callers of functions. */
  public FrameTable frames() {
    return image.debug().frames();
  }

  /**
   * Returns the text of a source file: of the guest's own sources, otherwise of the file system.
   *
   * @param path as the line table has it
   * @return its lines; empty if it is unavailable
   */
  public synchronized List<String> source(String path) {
    return sources.computeIfAbsent(path, Program::load);
  }

  private static List<String> load(String path) {
    String text = path.startsWith("/") ? null : Images.source(path);
    if (text != null) {
      return text.lines().toList();
    }
    try {
      Path file = Path.of(path);
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (MalformedInputException e) {
      return List.of("(no text in UTF-8)");
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Returns {@code symbol+offset at file:line} as far as it is known; otherwise an empty text. */
  public String describe(int address) {
    LineTable.Line line = lines().at(address);
    String symbol = symbols.describe(address);
    return line == null ? symbol : symbol + " at " + line;
  }
}
