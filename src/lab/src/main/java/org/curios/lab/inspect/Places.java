package org.curios.lab.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Program;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;
import org.curios.machine.image.dwarf.LineTable;

/** Finds the code that the user names: by symbol, file and line, file and function, or address. */
public final class Places {
  private static final Pattern FILE_LINE = Pattern.compile("(.+):(\\d+)");
  private static final Pattern FILE_FUNCTION = Pattern.compile("([^:]+\\.\\w+):([A-Za-z_].*)");
  private static final Pattern SERVICE_METHOD = Pattern.compile("([a-z]\\w*)\\.([A-Za-z_]\\w*)");

  private final Program program;
  private final Guest guest;

  /** Makes a finder for a program. */
  public Places(Program program, Guest guest) {
    this.program = program;
    this.guest = guest;
  }

  /** Returns whether a text has the form FILE:LINE, FILE:FUNCTION or SERVICE.METHOD. */
  public static boolean isOfSource(String text) {
    return FILE_LINE.matcher(text).matches()
        || FILE_FUNCTION.matcher(text).matches()
        || SERVICE_METHOD.matcher(text).matches();
  }

  /**
   * Returns the addresses of the instructions that a text names, rising; functions of the same name
   * and inlined copies of a line make several.
   *
   * @throws LabException if there is no such place
   */
  public List<Integer> find(String text, Machine m) {
    Matcher line = FILE_LINE.matcher(text);
    if (line.matches()) {
      return lines(line.group(1), Integer.parseInt(line.group(2)));
    }
    Matcher function = FILE_FUNCTION.matcher(text);
    if (function.matches()) {
      return functions(function.group(1), function.group(2), text);
    }
    List<Image.Symbol> all = program.symbols().all(text);
    if (!all.isEmpty()) {
      return addresses(all);
    }
    Matcher method = SERVICE_METHOD.matcher(text);
    if (method.matches() && guest.isCurios()) {
      return List.of(method(guest.at(m), method.group(1), method.group(2)));
    }
    String expression = text.startsWith("*") ? text.substring(1) : text;
    return List.of(Expression.parse(expression, program).value(m) & ~1);
  }

  private static int method(Guest.View v, String service, String method) {
    Guest.Obj o = v.object(service);
    List<Integer> entries = v.methods(o);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      names.add(v.methodName(o, i));
      if (names.get(i).equals(method)) {
        return entries.get(i);
      }
    }
    throw new LabException(
        service
            + " has no method "
            + method
            + Nearest.hint(method, names)
            + "; there are "
            + String.join(", ", names));
  }

  private static List<Integer> addresses(List<Image.Symbol> symbols) {
    return symbols.stream().map(Image.Symbol::address).distinct().sorted().toList();
  }

  /** Returns the source files that a name can denote. */
  private List<String> files(String name) {
    List<String> files = program.lines().filesNamed(name);
    if (files.isEmpty()) {
      List<String> known =
          program.lines().files().stream().map(f -> f.substring(f.lastIndexOf('/') + 1)).toList();
      throw new LabException(name + ": no source file with code" + Nearest.hint(name, known));
    }
    return files;
  }

  private List<Integer> lines(String file, int line) {
    List<Integer> found =
        files(file).stream()
            .flatMap(f -> program.lines().addresses(f, line).stream())
            .sorted(Integer::compareUnsigned)
            .toList();
    if (found.isEmpty()) {
      throw new LabException(file + ":" + line + ": there is no code at this line or after it");
    }
    return found;
  }

  private List<Integer> functions(String file, String name, String text) {
    List<String> files = files(file);
    List<Integer> found =
        addresses(
            program.symbols().all(name).stream()
                .filter(s -> files.contains(fileOf(s.address())))
                .toList());
    if (found.isEmpty()) {
      throw new LabException(
          text + ": there is no function " + name + " in " + String.join(", ", files));
    }
    return found;
  }

  private String fileOf(int address) {
    LineTable.Line line = program.lines().at(address);
    return line == null ? "" : line.file();
  }

  /**
   * Returns the place in the source that a text names, for listings.
   *
   * @throws LabException if there is none
   */
  public LineTable.Line line(String text, Machine m) {
    Matcher line = FILE_LINE.matcher(text);
    if (line.matches()) {
      return new LineTable.Line(files(line.group(1)).get(0), Integer.parseInt(line.group(2)));
    }
    return find(text, m).stream()
        .map(program.lines()::at)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> new LabException(text + ": the image has no source lines for it"));
  }
}
