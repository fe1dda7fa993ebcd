package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.Inspector.hex;
import static org.curios.shell.session.TextTable.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.inspect.Backtrace;
import org.curios.lab.inspect.Expression;
import org.curios.lab.inspect.TypeName;
import org.curios.lab.program.Value;
import org.curios.lab.program.ValueText;
import org.curios.lab.session.SessionException;
import org.curios.machine.Machine;
import org.curios.machine.image.dwarf.Frame;
import org.curios.machine.image.dwarf.LineTable;
import org.curios.machine.image.dwarf.Scope;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Variable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands about variables, types, and the calls that they belong to. */
@Command(name = "variables")
final class VariableCommands {
  private final Shell shell;

  VariableCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      customSynopsis = "ptype EXPRESSION|TYPE",
      description = {
        "The definition of a type: the members of a structure, the names of an enumeration. For an",
        "expression, the type of its value."
      },
      footer = {"Examples:", "  ptype Frame", "  ptype objects", "  ptype *s"})
  void ptype(@Parameters(arity = "1..*", paramLabel = "EXPRESSION") String[] words) {
    String text = String.join(" ", words).replaceFirst("^(struct|class|union|enum) ", "");
    Type type =
        shell
            .session()
            .call(m -> {
              Frame frame = shell.frames().frame(m);
              Type named = TypeName.find(text, shell.program().variables(), frame.pc());
              return named != null
                  ? named
                  : Expression.parse(text, shell.program()).evaluate(m, frame).type();
            });
    List<String> lines = ValueText.definition(type);
    shell.say("type = " + lines.get(0));
    lines.subList(1, lines.size()).forEach(shell::say);
  }

  @Command(
      customSynopsis = "frame [N]",
      description = {
        "Select a call of bt by its number; print, x, ptype, info locals and info args then refer to its",
        "variables and registers, until the machine moves. Without a number, show the selected one."
      },
      footer = {"Examples:", "  frame 1", "  frame"})
  void frame(@Parameters(arity = "0..1", paramLabel = "N") Integer number) {
    choose(number, 0);
  }

  @Command(
      customSynopsis = "up [N]",
      description = "Select the caller of the selected call.",
      footer = {"Examples:", "  up", "  up 2"})
  void up(@Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N") int count) {
    choose(null, count);
  }

  @Command(
      customSynopsis = "down [N]",
      description = "Select the callee of the selected call.",
      footer = {"Examples:", "  down"})
  void down(@Parameters(arity = "0..1", defaultValue = "1", paramLabel = "N") int count) {
    choose(null, -count);
  }

  private void choose(Integer number, int distance) {
    shell.mustStand();
    shell.say(
        shell
            .session()
            .call(m -> {
              FrameSelection frames = shell.frames();
              if (number != null || distance != 0) {
                frames.choose(m, number != null ? number : frames.number(m) + distance);
              }
              int n = frames.number(m);
              Backtrace.Entry call = frames.calls(m).get(n);
              LineTable.Line line = Backtrace.line(shell.program(), call);
              String text =
                  format(
                      "#%-2d %08x <%s>%s",
                      n,
                      call.pc(),
                      shell.program().symbols().describe(call.pc()),
                      line == null ? "" : " at " + line);
              List<String> source = line == null ? List.of() : shell.program().source(line.file());
              return line == null || line.line() > source.size() || line.line() < 1
                  ? text
                  : text + format("%n%-5d %s", line.line(), source.get(line.line() - 1));
            }));
  }

  /**
   * Says the variables of the chosen call, with those of what is inlined there.
   *
   * @param parameters whether its parameters are meant, or the others
   */
  void list(boolean parameters, Json json) {
    List<Map<String, Object>> rows =
        shell.session().call(m -> rows(m, shell.frames().frame(m), parameters));
    if (json.on) {
      shell.show(rows, json);
      return;
    }
    if (rows.isEmpty()) {
      shell.say(parameters ? "no arguments" : "no locals");
      return;
    }
    boolean several = rows.stream().map(r -> r.get("function")).distinct().count() > 1;
    Object function = "";
    for (Map<String, Object> r : rows) {
      if (several && !r.get("function").equals(function)) {
        function = r.get("function");
        shell.say("in " + function);
      }
      String text = r.get("name") + " = " + r.get("value");
      shell.say(several ? "  " + text.replace("\n", "\n  ") : text);
    }
  }

  private List<Map<String, Object>> rows(Machine m, Frame frame, boolean parameters) {
    List<Scope> scopes = shell.program().variables().at(frame.pc());
    if (scopes.isEmpty()) {
      throw new SessionException(
          hex(frame.pc())
              + ": the image contains no debug information for variables here; build it with -g");
    }
    ValueText text = text(shell, m, ' ');
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Scope scope : scopes) {
      String where =
          scope.function()
              + (scope.callLine() == null ? "" : ", inlined at line " + scope.callLine().line());
      for (Variable v : scope.variables()) {
        if (v.isParameter() == parameters) {
          Value value = Value.at(v.type(), v.locate(frame), frame);
          rows.add(
              row(
                  "function", where,
                  "name", v.name(),
                  "type", v.type().name(),
                  "address", value.address() == null ? null : hex(value.address()),
                  "value", text.text(value)));
        }
      }
    }
    return rows;
  }

  /** Returns a writer of values on a machine. */
  static ValueText text(Shell shell, Machine m, char letter) {
    return new ValueText(
        shell.program().symbols()::describe, a -> (int) VirtualMemory.read(m, a, 1), letter);
  }
}
