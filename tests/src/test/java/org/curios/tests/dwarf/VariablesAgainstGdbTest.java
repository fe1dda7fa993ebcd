package org.curios.tests.dwarf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.curios.kernel.Images;
import org.curios.lab.gdb.GdbServer;
import org.curios.lab.guest.VirtualMemory;
import org.curios.lab.inspect.Backtrace;
import org.curios.lab.inspect.CallFrames;
import org.curios.lab.inspect.Expression;
import org.curios.lab.program.Program;
import org.curios.lab.program.Value;
import org.curios.lab.program.ValueText;
import org.curios.lab.session.Points;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.dwarf.Frame;
import org.curios.machine.image.dwarf.Scope;
import org.curios.machine.image.dwarf.Type;
import org.curios.machine.image.dwarf.Variable;
import org.curios.tests.Peers;
import org.curios.tests.gdb.Gdb;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables and types of images are those that gdb finds in them, with the same values. */
class VariablesAgainstGdbTest {
  @TempDir Path folder;

  @BeforeEach
  void gdb() {
    Peers.needGdb();
  }

  /** What one side says: of a variable, seen from a frame, in a format. */
  private record Question(int frame, String name, char letter) {}

  private static String normal(String text) {
    return text.replaceAll("warning: \\([^)]*\\)", "") // gdb of data beside code
        .replaceAll("<(?!repeats|opti)[^>]*>", "") // names of addresses
        .replace("optimized", "optimised")
        .replaceAll("\\s+", "");
  }

  @ParameterizedTest
  @CsvSource({
    "curios, flush_entry, 3",
    "curios, first_difference, 12",
    "curios, put, 3",
    "curios, use_store, 2",
    "bench/compiler, compiler::next, 300",
    "bench/quicksort-thumb, sort, 9"
  })
  void globalsAndLocals(String name, String function, int passes) throws Exception {
    Image image = Image.parse(name, Images.elf(name));
    Program program = new Program(image);
    int address = stop(program, function);
    Map<Question, String> ours = new LinkedHashMap<>();
    List<String> functions = new ArrayList<>();
    List<String> output;
    try (Session session =
        new Session(() -> {
          Machine machine = new MachineBuilder().jit(false).build();
          machine.load(image);
          return machine;
        })) {
      session.call(m -> {
        Points.Point point = session.history().points().before(address, x -> true);
        for (int i = 0; i < passes; i++) {
          m.executor().passBreakpoint();
          session.history().run(Long.MAX_VALUE);
        }
        session.history().points().remove(point);
        assertEquals(address, m.cpu().register(15));
        session.moved("by the test");
        ask(program, m, ours, functions);
        return null;
      });
      try (GdbServer server = new GdbServer(session, image, Images.elf(name), 0, line -> {})) {
        output = Gdb.ask(folder, Images.elf(name), commands(server.port(), ours));
      }
    }
    compare(ours, functions, output);
  }

  private static int stop(Program program, String function) {
    return program.symbols().all(function).stream()
        .filter(s -> s.function())
        .findFirst()
        .orElseThrow(() -> new AssertionError(function))
        .address();
  }

  /** Asks ourselves: for all globals, and for the variables of each function of the stack. */
  private static void ask(
      Program program, Machine m, Map<Question, String> ours, List<String> functions) {
    Set<String> globals = program.variables().globals();
    for (String name : globals) {
      boolean several = program.variables().globals(name).size() > 1;
      if (several || globals.stream().anyMatch(other -> other.endsWith("::" + name))) {
        continue; // gdb wants the namespace, and takes any of several
      }
      if (name.contains("descri") || name.startsWith("curios::net::")) {
        continue; // of several files; gdb says that a service's memory is out of its reach
      }
      for (char letter : new char[] {'x', ' '}) {
        ours.put(new Question(0, name, letter), text(program, m, name, letter));
      }
    }
    for (Backtrace.Entry e : Backtrace.here(program, m, null)) {
      Frame frame = CallFrames.of(m, e);
      List<Scope> scopes = program.variables().at(frame.pc());
      if (scopes.isEmpty()) {
        functions.add(program.symbols().at(frame.pc()).name()); // of assembly
      }
      for (Scope scope : scopes) {
        int number = functions.size();
        functions.add(scope.function());
        for (Variable v : scope.variables()) {
          boolean hidden =
              v.type().plain().kind() == Type.Kind.REFERENCE
                  || scope.variables().stream().filter(o -> o.name().equals(v.name())).count() > 1;
          for (char letter : hidden ? new char[0] : new char[] {'x', ' '}) {
            ValueText text = writer(m, letter);
            ours.put(
                new Question(number, v.name(), letter),
                text.text(Value.at(v.type(), v.locate(frame), frame)));
          }
        }
      }
    }
  }

  private static ValueText writer(Machine m, char letter) {
    return new ValueText(a -> "", a -> (int) VirtualMemory.read(m, a, 1), letter);
  }

  private static String text(Program program, Machine m, String name, char letter) {
    return writer(m, letter).text(Expression.parse(name, program).evaluate(m, null));
  }

  private static List<String> commands(int port, Map<Question, String> questions) {
    List<String> commands =
        new ArrayList<>(List.of("target remote :" + port, "set print address on", "bt"));
    commands.addAll(
        List.of(
            "python",
            "def ask(command):",
            "  try:",
            "    gdb.execute(command)",
            "  except gdb.error as e:",
            "    print(e)",
            "end"));
    int frame = 0;
    for (Question q : questions.keySet()) {
      if (q.frame != frame) {
        commands.add("echo \\n##\\n");
        commands.add("frame " + q.frame);
        frame = q.frame;
      }
      commands.add("echo \\n@@\\n");
      String output = "output" + (q.letter == ' ' ? "" : "/" + q.letter);
      String name = q.name.contains("::") ? "'" + q.name + "'" : q.name;
      commands.add("python ask(\"" + output + " " + name + "\")");
    }
    commands.add("echo \\n@@\\n");
    commands.add("kill");
    return commands;
  }

  private static void compare(
      Map<Question, String> ours, List<String> functions, List<String> output) {
    String[] answers = String.join("\n", output).split("@@\n", -1);
    assertEquals(ours.size() + 2, answers.length, () -> String.join("\n", output));
    List<String> theirs =
        answers[0]
            .lines()
            .filter(l -> l.startsWith("#"))
            .map(l -> l.replaceAll("^#\\d+ +(0x\\w+ in )?(.*?) \\(.*", "$2"))
            .toList();
    List<String> names = theirs.stream().map(n -> n.replaceAll(".*::", "")).toList();
    assertEquals(names.subList(0, functions.size()), functions);
    Map<String, String> differences = new TreeMap<>();
    int i = 1;
    int known = 0;
    int compared = 0;
    for (Map.Entry<Question, String> q : ours.entrySet()) {
      String wanted = normal(answers[i++].split("\n##\n")[0]);
      boolean unseen = q.getValue().contains("no memory"); // gdb reads some from the image
      unseen |= wanted.startsWith("valuerequires"); // more than gdb shows
      if (unseen || wanted.startsWith("Nosymbol")) { // gdb wants (anonymous namespace)
        continue;
      }
      compared++;
      String own = normal(q.getValue());
      if (!own.equals(wanted)) {
        differences.put(q.getKey() + "", wanted + "\n   but " + own);
      }
      known += own.contains("optimised") ? 0 : 1;
    }
    assertEquals(Map.of(), differences, theirs + " " + functions);
    assertTrue(compared > 40, compared + " compared");
    assertTrue(known > compared / 2, known + " known of " + compared);
  }
}
