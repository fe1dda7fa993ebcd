package org.curios.kernel.build;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of {@code images.txt}. Beside images it has groups: {@code @NAME = WORDS}, which later
 * lines use as {@code @NAME}; a group may be defined again from itself. A word with an asterisk
 * means the files that match it, by name.
 */
final class ImageList {
  /**
   * An image.
   *
   * @param name path of the image below the resources, without its ending
   * @param script linker script; empty for a program of the host
   * @param flags further flags of the compiler
   * @param sources source files, relative to the folder of the list
   */
  record Entry(String name, String script, List<String> flags, List<String> sources) {}

  private final Path folder;
  private final Map<String, List<String>> groups = new HashMap<>();

  private ImageList(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the list.
   *
   * @throws IllegalArgumentException if a line has no meaning; the message names it
   */
  static List<Entry> read(Path file) throws IOException {
    ImageList list = new ImageList(file.toAbsolutePath().getParent());
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("@")) {
        int equals = line.indexOf('=');
        if (equals < 0) {
          throw new IllegalArgumentException("images.txt: want @NAME = WORDS: " + line);
        }
        list.groups.put(line.substring(0, equals).trim(), list.words(line.substring(equals + 1)));
        continue;
      }
      String[] fields = line.split("\\s*\\|\\s*");
      if (fields.length != 4) {
        throw new IllegalArgumentException(
            "images.txt: want NAME | LINKER SCRIPT | FLAGS | SOURCES: " + line);
      }
      entries.add(
          new Entry(fields[0].trim(), fields[1], list.words(fields[2]), list.words(fields[3])));
    }
    return entries;
  }

  private List<String> words(String text) throws IOException {
    List<String> words = new ArrayList<>();
    for (String word : text.isBlank() ? new String[0] : text.trim().split("\\s+")) {
      if (word.startsWith("@")) {
        List<String> group = groups.get(word);
        if (group == null) {
          throw new IllegalArgumentException("images.txt: " + word + " is not defined above");
        }
        words.addAll(group);
      } else if (word.contains("*")) {
        words.addAll(matching(word));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  private List<String> matching(String pattern) throws IOException {
    Path in = folder.resolve(pattern.substring(0, pattern.lastIndexOf('/') + 1));
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    try (var files = Files.list(in)) {
      List<String> found =
          files
              .map(folder::relativize)
              .filter(matcher::matches)
              .map(Path::toString)
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException("images.txt: " + pattern + " matches no file");
      }
      return found;
    }
  }
}
