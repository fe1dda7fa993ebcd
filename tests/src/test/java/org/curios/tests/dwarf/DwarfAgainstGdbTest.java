package org.curios.tests.dwarf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.kernel.Images;
import org.curios.lab.inspect.Backtrace;
import org.curios.lab.program.Program;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.dwarf.LineTable;
import org.curios.tests.Peers;
import org.curios.tests.gdb.Gdb;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source lines and call frames of images are those that gdb finds in them. */
class DwarfAgainstGdbTest {
  private static final Pattern LINE =
      Pattern.compile("Line (\\d+) of \"(.*)\" (?:starts at|is at) address 0x(\\w+).*");
  private static final Pattern ROW =
      Pattern.compile("\\d+ +(\\d+|END) +0x(\\w+) +(?:0x\\w+ +)?(Y?).*");
  private static final Pattern FRAME = Pattern.compile("#\\d+ +(?:0x(\\w+) in )?(.*?) \\(.*");

  @TempDir Path folder;

  @BeforeEach
  void gdb() {
    Peers.needGdb();
  }

  private static String normal(String path) {
    return Path.of(path).normalize().toString();
  }

  private static Image image(String name) throws ImageException {
    return Image.parse(name, Images.elf(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"curios", "bench/compiler", "bench/compiler-thumb"})
  void theLineOfEachInstruction(String name) throws Exception {
    Image image = image(name);
    LineTable lines = image.debug().lines();
    List<Integer> addresses = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    for (Image.Symbol s : image.symbols()) {
      for (int a = s.address(); s.function() && a < s.address() + s.size(); a += 2) {
        addresses.add(a);
        commands.add("echo @\\n");
        commands.add("info line *0x%x".formatted(a));
      }
    }
    assertTrue(addresses.size() > 500, () -> addresses.size() + " addresses");
    String[] answers =
        String.join("\n", Gdb.ask(folder, Images.elf(name), commands)).split("@\n", -1);
    assertEquals(addresses.size(), answers.length - 1);
    int known = 0;
    for (int i = 0; i < addresses.size(); i++) {
      Matcher m = LINE.matcher(answers[i + 1].strip());
      LineTable.Line line = lines.at(addresses.get(i));
      if (m.matches()) {
        known++;
        assertEquals(
            normal(m.group(2)) + ":" + m.group(1),
            line == null ? null : normal(line.file()) + ":" + line.line(),
            "%08x".formatted(addresses.get(i)));
      }
    }
    assertTrue(known > addresses.size() * 9 / 10, known + " of " + addresses.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"curios", "bench/compiler", "bench/compiler-thumb"})
  void theAddressesOfEachLine(String name) throws Exception {
    LineTable lines = image(name).debug().lines();
    Map<String, SortedSet<Integer>> wanted =
        starts(
            Gdb.ask(
                folder,
                Images.elf(name),
                List.of("maint expand-symtabs", "maint info line-table")));
    assertTrue(wanted.size() > 50, () -> wanted.size() + " lines");
    int compared = 0;
    for (String file : lines.files()) {
      for (int line : lines.lines(file)) {
        SortedSet<Integer> gdb = wanted.remove(normal(file) + ":" + line);
        if (gdb != null && !file.contains("include/")) { // of which gdb keeps one unit
          assertEquals(List.copyOf(gdb), lines.addresses(file, line), file + ":" + line);
          compared++;
        }
      }
    }
    assertEquals(Map.of(), wanted, "lines that only gdb knows");
    assertTrue(compared > 50, compared + " lines compared");
  }

  /** Where lines begin by gdb's tables: statements before which another line was. */
  private static Map<String, SortedSet<Integer>> starts(List<String> output) {
    Map<String, SortedSet<Integer>> starts = new TreeMap<>();
    String file = "";
    String last = "END";
    for (String text : output) {
      if (text.startsWith("symtab: ")) {
        file = normal(text.substring(8, text.indexOf(" ((")));
        last = "END";
      }
      Matcher m = ROW.matcher(text.strip());
      if (m.matches()) {
        boolean end = m.group(1).equals("END");
        int address = Integer.parseUnsignedInt(m.group(2), 16);
        if (!end && m.group(3).equals("Y") && !m.group(1).equals(last) && address != 0) {
          starts
              .computeIfAbsent(
                  file + ":" + m.group(1), k -> new TreeSet<>(Integer::compareUnsigned))
              .add(address);
        }
        if (end || m.group(3).equals("Y")) {
          last = m.group(1);
        }
      }
    }
    return starts;
  }

  /** A call, as both sides say it. */
  private record Call(int pc, String function) {}

  @ParameterizedTest
  @CsvSource({
    "bench/compiler, compiler::next, 300",
    "bench/compiler-thumb, compiler::next, 300",
    "bench/quicksort, sort, 9",
    "curios, first_difference, 12",
    "curios, flush_entry, 3"
  })
  void theCallersOfAFunction(String name, String function, int passes) throws Exception {
    Peers.needQemu();
    Image image = image(name);
    Program program = new Program(image);
    int address = program.symbols().all(function).get(0).address();
    List<Call> ours = ours(image, program, address, passes);
    List<Call> theirs = theirs(name, address, passes);
    assertTrue(theirs.size() > 1, theirs::toString);
    assertEquals(theirs, ours);
  }

  private static List<Call> ours(Image image, Program program, int address, int passes)
      throws ImageException {
    try (Machine machine = new MachineBuilder().jit(false).build()) {
      machine.load(image);
      machine.cpu().code.setBreakpoint(address, true);
      for (int i = 0; i <= passes; i++) {
        machine.executor().passBreakpoint();
        machine.run(Long.MAX_VALUE);
      }
      assertEquals(address, machine.cpu().register(15));
      return Backtrace.here(program, machine, null).stream()
          .map(e -> new Call(e.pc(), program.symbols().at(e.inside()).name()))
          .toList();
    }
  }

  private List<Call> theirs(String name, int address, int passes)
      throws IOException, InterruptedException {
    Path socket = folder.resolve("gdb");
    Process qemu =
        new ProcessBuilder(
                "qemu-system-arm",
                "-M",
                "versatilepb",
                "-display",
                "none",
                "-serial",
                "none",
                "-monitor",
                "none",
                "-audiodev",
                "none,id=none",
                "-semihosting-config",
                "enable=on",
                "-S",
                "-gdb",
                "unix:" + socket + ",server=on,wait=off",
                "-kernel",
                java.nio.file.Files.write(folder.resolve("kernel.elf"), Images.elf(name))
                    .toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      for (int i = 0; i < 100 && !java.nio.file.Files.exists(socket); i++) {
        Thread.sleep(50);
      }
      List<String> output =
          Gdb.ask(
              folder,
              Images.elf(name),
              List.of(
                  "target remote " + socket,
                  "set print asm-demangle off",
                  "set print demangle off",
                  "set backtrace past-main on",
                  "break *0x%x".formatted(address),
                  "ignore 1 " + passes,
                  "continue",
                  "set print frame-arguments none",
                  "set print entry-values no",
                  "bt 40",
                  "kill"));
      return frames(output, address);
    } finally {
      qemu.destroyForcibly().waitFor();
    }
  }

  /**
   * gdb's frames. It shows inlined functions, which are no calls, before the function that they are
   * inlined into, which has no address then; and it guesses a caller where the image says nothing
   * of one, as for main.
   */
  private static List<Call> frames(List<String> output, int address) {
    List<Call> calls = new ArrayList<>();
    for (String line : output) {
      Matcher m = FRAME.matcher(line);
      if (!m.matches() || m.group(2).equals("_start")) {
        continue;
      }
      if (calls.isEmpty()) {
        calls.add(new Call(address, m.group(2)));
      } else if (m.group(1) == null) {
        calls.set(calls.size() - 1, new Call(calls.getLast().pc, m.group(2)));
      } else {
        calls.add(new Call(Integer.parseUnsignedInt(m.group(1), 16), m.group(2)));
      }
    }
    return calls;
  }
}
