package org.curios.tests.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns numbers into operations on files, for the guest and for the model. */
final class FileOperations {
  private static final int MOST_BYTES = 30_000;
  private static final int MOST_PATH = 600; // of a directory in which something is done
  private static final List<String> NAMES =
      List.of("a", "b", "c", "a-longer-name.txt", "dir", "x".repeat(120), "e", "f", "g.h");

  /** Crashes that a request can end in: by their number in kernel/include/curios/abi.h. */
  private static final List<Integer> CRASHES = List.of(1, 2, 3, 5, 6, 8);

  /**
   * An operation, which becomes another when the numbers shrink.
   *
   * @param kind 0 to 99
   * @param a which path
   * @param b which other path
   * @param c how much
   */
  record Operation(int kind, int a, int b, int c) {}

  private final Model model = new Model();
  private final List<String> script = new ArrayList<>();
  private final List<Model.Expected> expected = new ArrayList<>();

  /** A path in one of the directories that there are, or one that is missing. */
  private String path(int choice) {
    List<String> directories =
        model.directories().stream().filter(d -> d.length() < MOST_PATH).toList();
    int n = choice % (directories.size() + 1);
    String directory = n == 0 ? "" : directories.get(n - 1);
    return directory + "/" + NAMES.get(choice / (directories.size() + 1) % NAMES.size());
  }

  private void add(String line, Model.Expected result) {
    script.add(line);
    expected.add(result);
  }

  void add(Operation o) {
    String p = path(o.a);
    String q = path(o.b);
    int size = o.c % MOST_BYTES;
    if (o.kind < 25) {
      int position = o.b % 3 == 0 ? o.b % (2 * MOST_BYTES) : 0;
      int seed = o.a % 250;
      add(
          "write %s %d %d %d".formatted(p, position, size + 1, seed),
          model.write(p, position, size + 1, seed));
    } else if (o.kind < 37) {
      add("mkdir " + p, model.makeDirectory(p));
    } else if (o.kind < 47) {
      add("remove " + p, model.remove(p));
    } else if (o.kind < 53) {
      add("rmdir " + p, model.removeDirectory(p));
    } else if (o.kind < 65) {
      add("rename " + p + " " + q, model.rename(p, q));
    } else if (o.kind < 70) {
      add("link " + p + " " + q, model.link(p, q));
    } else if (o.kind < 77) {
      add("truncate " + p + " " + size, model.truncate(p, size));
    } else if (o.kind < 87) {
      add("read " + p, model.read(p));
    } else if (o.kind < 90) {
      add("sync", Model.Expected.of(0));
    } else {
      add(
          "crash %s %d"
              .formatted(o.a % 2 == 0 ? "files" : "card", CRASHES.get(o.b % CRASHES.size())),
          Model.Expected.of(0));
    }
  }

  /** Lets the guest carry them out; its results, and then the image, must be the model's. */
  void check(HostVolume volume, String policy) throws Exception {
    add("sync", Model.Expected.of(0));
    List<HostVolume.Result> results = volume.script(policy, script);
    for (int i = 0; i < expected.size(); i++) {
      Model.Expected e = expected.get(i);
      String line = i + " " + script.get(i);
      assertEquals(e.value(), results.get(i).value(), line);
      if (e.digest() != null) {
        assertEquals(e.digest(), results.get(i).digest(), line);
      }
    }
    volume.mustBeClean();
    for (Map.Entry<String, byte[]> file : model.files().entrySet()) {
      assertArrayEquals(file.getValue(), volume.content(file.getKey()), file.getKey());
    }
  }

  List<String> script() {
    return script;
  }

  Model model() {
    return model;
  }
}
