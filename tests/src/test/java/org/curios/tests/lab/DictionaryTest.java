package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Dictionary;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.EventText;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guest's words are written once: a word that is added to the kernel, in two files at most, is
 * known to the unchanged laboratory.
 */
class DictionaryTest {
  private static final Path KERNEL = Path.of("../kernel");
  private static final String WORDS = "include/curios/words.h";
  private static final int MS = 200_000;

  @TempDir static Path folder;
  private static Image image;

  /**
   * A word that is added.
   *
   * @param after a line of words.h
   * @param word the line that follows it
   * @param file the other file
   * @param old a text of it
   * @param changed its replacement
   */
  private record Addition(String after, String word, String file, String old, String changed) {
    void make(Path sources) throws IOException {
      replace(sources.resolve(WORDS), after, after + "\n  " + word + " \\");
      replace(sources.resolve(file), old, changed);
    }

    private static void replace(Path file, String old, String changed) throws IOException {
      String text = Files.readString(file);
      int at = text.indexOf(old);
      assertTrue(at >= 0, () -> file + " has no " + old);
      Files.writeString(file, text.substring(0, at) + changed + text.substring(at + old.length()));
    }
  }

  private static final List<Addition> ADDITIONS =
      List.of(
          new Addition(
              "#define CRASH_WORDS(X)                                                    \\",
              "X(TRAP, trap, \"a breakpoint instruction\")",
              "cuik/library.S",
              "crash_abort:",
              "        .global crash_trap\ncrash_trap: bkpt #0\ncrash_abort:"),
          new Addition(
              "#define FAULT_WORDS(X)                                                    \\\n"
                  + "  X(NONE, \"nothing\", \"\")                                                  \\",
              "X(TRAPPED, \"trapped\", \"\")",
              "cuik/recovery.cc",
              "Fault::PREFETCH_ABORT, f->pc",
              "Fault::TRAPPED, f->pc"),
          new Addition(
              "  X(NONE, \"none\", \"\")                                                     \\",
              "X(WAVED, \"waved\", \"{object:a} waves with {hex:b}\")",
              "cuik/boot.cc",
              "  event(EventKind::BOOT",
              "  event(EventKind::WAVED, 0, 0, 0xbeef);\n  event(EventKind::BOOT"),
          new Addition(
              "#define POLICY_WORDS(X)                                                   \\",
              "X(FIRST, \"ssr-first\", \"as ssr-packed\")",
              "cuik/policy.h",
              "    {Policy::NONE",
              "    {Policy::FIRST, Mode::PACKED, Mode::SHADOWED, Left::KEPT, true, true, true, false},\n"
                  + "    {Policy::NONE"));

  /** Builds CuriOS with the words that are added. */
  @BeforeAll
  static void build() throws Exception {
    Path sources = folder.resolve("kernel");
    try (var files = Files.walk(KERNEL)) {
      for (Path from : files.filter(f -> !f.startsWith(KERNEL.resolve("target"))).toList()) {
        Path to = sources.resolve(KERNEL.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to);
        }
      }
    }
    for (Addition a : ADDITIONS) {
      a.make(sources);
    }
    Path list = sources.resolve("images.txt");
    Files.write(
        list,
        Files.readAllLines(list).stream()
            .filter(l -> l.startsWith("@") || l.startsWith("curios |"))
            .toList());
    Path log = folder.resolve("log");
    Process build =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "org.curios.kernel.build.GuestBuild",
                sources.toString(),
                folder.resolve("target").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, build.waitFor(), () -> read(log));
    image =
        Image.parse(
            "curios",
            Files.readAllBytes(folder.resolve("target/classes/org/curios/kernel/curios.elf")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void anAddedWordIsKnownToTheLaboratory() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine =
        new MachineBuilder()
            .jit(false)
            .console(new PrintStream(output, false, StandardCharsets.ISO_8859_1))
            .build()) {
      machine.load(image);
      Guest guest = new Guest(new Symbols(image));
      Guest.View view = guest.at(machine);
      Dictionary words = view.words();
      new Boot("none", "steady").withPolicy("ssr-first", words).write(machine, guest.symbols());
      assertEquals("ssr-first", words.name(Kind.POLICY, view.policy()));
      assertEquals("a breakpoint instruction", words.text(Kind.CRASH, words.crash("trap")));
      machine.run(10 * MS);
      view.crashes().arm(view.object("store"), words.crash("trap"));
      machine.run(30 * MS);
      List<String> events = new ArrayList<>();
      for (Guest.Struct e : view.events(100)) {
        events.add(
            words.name(Kind.EVENT, e.get("kind"))
                + " "
                + view.nameOf((int) e.get("object"))
                + ": "
                + EventText.of(view, e));
      }
      String all = events.stream().collect(Collectors.joining("\n"));
      assertTrue(all.contains("waved kernel: kernel waves with 0000beef"), all);
      assertTrue(all.contains("boot kernel: policy ssr-first"), all);
      assertTrue(all.contains("armed store: trap, in a request of steady"), all);
      assertTrue(all.contains("fault store: trapped at "), all);
      assertTrue(all.contains("recovered store: after "), all);
    }
  }
}
