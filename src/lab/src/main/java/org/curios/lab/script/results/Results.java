package org.curios.lab.script.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Operation;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptName;

/** Where a script's results go: tables, and files in one folder. */
@ScriptName(value = "Results", doc = "Makes tables, and keeps files in the folder of results.")
public final class Results {
  private final Path folder;

  /**
   * Makes the place for results.
   *
   * @param folder where files may be written, and nowhere else
   */
  public Results(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Returns the folder. */
  @Property("The folder of results.")
  public String folder() {
    return folder.toString();
  }

  /** Makes a table. */
  @Operation(
      "A table of rows, which are dictionaries with the same keys. Name the unit at the end of a"
          + " column: recovery_us, state_bytes.")
  public ResultTable table(@Arg("rows") List<Map<String, Object>> rows) {
    return new ResultTable(this, rows);
  }

  /**
   * Writes a file, which appears whole or not at all.
   *
   * @param name its name in the folder
   * @param endings what it may end with
   * @param content what makes its content
   */
  void write(String name, List<String> endings, Function<Path, byte[]> content) {
    Path file = place(name);
    if (endings.stream().noneMatch(name::endsWith)) {
      throw usage(name + ": give a name that ends with " + String.join(", ", endings));
    }
    byte[] bytes = content.apply(file);
    try {
      Files.createDirectories(file.getParent());
      Path part = file.resolveSibling("." + file.getFileName() + ".part");
      try {
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new ScriptException(
          ScriptException.Kind.GUEST, name + ": cannot be written into " + folder + ": " + e);
    }
  }

  private Path place(String name) {
    try {
      Path file = folder.resolve(name).normalize();
      Path real = folder.toFile().exists() ? folder.toRealPath() : folder;
      Path parent = file.getParent();
      while (parent != null && !Files.exists(parent)) {
        parent = parent.getParent();
      }
      boolean within =
          file.startsWith(folder) && !file.equals(folder) && !Path.of(name).isAbsolute();
      boolean linked = within && parent.startsWith(folder) && !parent.toRealPath().startsWith(real);
      if (within && !linked && !Files.isSymbolicLink(file)) {
        return file;
      }
    } catch (InvalidPathException | IOException e) {
      // said below
    }
    throw usage(name + ": give the name of a file within the folder of results, " + folder);
  }

  private static ScriptException usage(String message) {
    return new ScriptException(ScriptException.Kind.USAGE, message);
  }

  @Override
  public String toString() {
    return "<results in " + folder + ">";
  }
}
