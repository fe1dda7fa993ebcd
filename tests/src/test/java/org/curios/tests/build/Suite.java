package org.curios.tests.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code mx.curios/suite.py}: values by their paths, such as {@code projects/org.curios.arm/dir}.
 */
final class Suite {
  /** Takes literals only, as mx does, and prints a line for each value. */
  private static final String PROGRAM =
      """
      import ast, sys
      tree = ast.parse(open(sys.argv[1]).read())
      assert [t.id for s in tree.body for t in s.targets] == ["suite"], "one assignment: suite = {...}"
      def show(path, value):
          if isinstance(value, dict):
              for k, v in value.items(): show(path + [k], v)
          elif isinstance(value, list):
              for v in value: show(path, v)
          else:
              print("/".join(path) + "\\t" + str(value))
      show([], ast.literal_eval(tree.body[0].value))
      """;

  private final Map<String, List<String>> values = new TreeMap<>();

  private Suite() {}

  static boolean hasPython() {
    try {
      return new ProcessBuilder("python3", "--version").redirectErrorStream(true).start().waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Suite read(Path file) throws IOException, InterruptedException {
    Process python =
        new ProcessBuilder("python3", "-c", PROGRAM, file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String text = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (python.waitFor() != 0) {
      throw new IOException(file + " is no suite");
    }
    Suite suite = new Suite();
    text.lines()
        .map(l -> l.split("\t", 2))
        .forEach(l -> suite.values.computeIfAbsent(l[0], k -> new ArrayList<>()).add(l[1]));
    return suite;
  }

  List<String> all(String... path) {
    return values.getOrDefault(String.join("/", path), List.of());
  }

  String get(String... path) {
    List<String> found = all(path);
    if (found.size() != 1) {
      throw new IllegalStateException(String.join("/", path) + " in suite.py is " + found);
    }
    return found.getFirst();
  }

  /** Returns the names in a section: projects, libraries or distributions. */
  Set<String> names(String section) {
    Set<String> names = new TreeSet<>();
    for (String path : values.keySet()) {
      String[] parts = path.split("/");
      if (parts.length > 2 && parts[0].equals(section)) {
        names.add(parts[1]);
      }
    }
    return names;
  }

  Artifact artifact(String library) {
    return new Artifact(
        get("libraries", library, "maven", "groupId"),
        get("libraries", library, "maven", "artifactId"),
        get("libraries", library, "maven", "version"));
  }

  /** Returns what a project or library depends on, near or far, nearest first. */
  Set<String> closure(Collection<String> names) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      String name = open.remove();
      if (found.add(name)) {
        open.addAll(all("projects", name, "dependencies"));
        open.addAll(all("libraries", name, "dependencies"));
      }
    }
    return found;
  }
}
