package org.curios.lab.script.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.curios.lab.LabException;
import org.curios.lab.results.ResultFolder;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;

/** A script's results: tables, and files in one folder. */
@ScriptName(value = "Results", doc = "Makes tables, and names the folder of results.")
public final class Results {
  private final ResultFolder folder;

  /**
   * Makes the place for results.
   *
   * @param folder where files may be written, and nowhere else
   */
  public Results(ResultFolder folder) {
    this.folder = folder;
  }

  /** Returns the folder. */
  @Property("The folder of results.")
  public String folder() {
    return folder.path().toString();
  }

  /** Makes a table. */
  @ScriptMethod(
      "Makes a table from rows, which are dictionaries with the same keys. End a column's name with its unit: recovery_us, state_bytes.")
  public ResultTable table(@Arg("rows") List<Map<String, Object>> rows) {
    return new ResultTable(this, rows);
  }

  /**
   * Writes a file atomically.
   *
   * @param name its name in the folder
   * @param endings what it may end with
   * @param content makes its content
   */
  void write(String name, List<String> endings, Supplier<byte[]> content) {
    try {
      Path file = folder.place(name);
      if (endings.stream().noneMatch(name::endsWith)) {
        throw new LabException(name + ": give a name that ends with " + String.join(", ", endings));
      }
      folder.write(file, content.get());
    } catch (LabException e) {
      throw new ScriptException(ScriptException.Kind.USAGE, e.getMessage());
    } catch (IOException e) {
      throw new ScriptException(
          ScriptException.Kind.GUEST,
          name + ": cannot be written into " + folder.path() + ": " + e);
    }
  }

  @Override
  public String toString() {
    return "<results in " + folder.path() + ">";
  }
}
