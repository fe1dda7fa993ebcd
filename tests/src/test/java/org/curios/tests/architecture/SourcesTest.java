package org.curios.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for all Java sources: a file has one idea, and a name has one meaning. */
class SourcesTest {
  private static final Path ROOT = Path.of(System.getProperty("curios.root", ".."));

  /** A file with more lines has two ideas. */
  private static final int MOST_LINES = 500;

  /** Names that several packages have: entry points of programs, and descriptions of packages. */
  private static final List<String> SHARED = List.of("Main.java", "package-info.java");

  private static List<Path> sources;

  @BeforeAll
  static void find() throws IOException {
    sources = new ArrayList<>();
    List<Path> modules = new ArrayList<>();
    for (String folder : List.of("", "src")) {
      try (Stream<Path> there = Files.list(ROOT.resolve(folder))) {
        there.filter(p -> Files.exists(p.resolve("pom.xml"))).forEach(modules::add);
      }
    }
    for (Path module : modules) {
      for (String kind : List.of("src/main/java", "src/test/java")) {
        if (Files.isDirectory(module.resolve(kind))) {
          try (Stream<Path> all = Files.walk(module.resolve(kind))) {
            all.filter(p -> p.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    assertTrue(sources.size() > 700, () -> sources.size() + " sources were found");
  }

  @Test
  void noFileIsLongerThanItsIdea() throws IOException {
    Map<String, Long> longer = new TreeMap<>();
    for (Path source : sources) {
      try (Stream<String> lines = Files.lines(source)) {
        long count = lines.count();
        if (count > MOST_LINES) {
          longer.put(ROOT.relativize(source).toString(), count);
        }
      }
    }
    assertEquals(Map.of(), longer, "files of more than " + MOST_LINES + " lines");
  }

  @Test
  void aNameHasOneMeaning() {
    Map<String, List<String>> byName = new TreeMap<>();
    for (Path source : sources) {
      byName
          .computeIfAbsent(source.getFileName().toString(), n -> new ArrayList<>())
          .add(ROOT.relativize(source.getParent()).toString());
    }
    byName.values().removeIf(where -> where.size() == 1);
    byName.keySet().removeAll(SHARED);
    assertEquals(Map.of(), byName, "classes of the same name");
  }
}
