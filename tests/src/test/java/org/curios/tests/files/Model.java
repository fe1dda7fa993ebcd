package org.curios.tests.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a file system must hold after some operations: directories, files and hard links. */
final class Model {
  static final int ABSENT = -13;
  static final int NO_RIGHT = -11;
  static final int BAD_ARGUMENT = -7;
  static final int NOT_DIRECTORY = -37;
  static final int IS_DIRECTORY = -38;
  static final int EXISTS = -39;
  static final int NOT_EMPTY = -40;

  /** A file or a directory. */
  static final class Node {
    final Map<String, Node> entries;
    byte[] content = {};
    int links = 1;

    private Node(boolean directory) {
      entries = directory ? new LinkedHashMap<>() : null;
    }

    boolean isDirectory() {
      return entries != null;
    }
  }

  /**
   * Where a path leads.
   *
   * @param error what the service must give when it leads nowhere; 0 when only the last name is
   *     missing
   */
  private record Place(Node parent, String name, Node node, int error) {}

  /**
   * What an operation must give.
   *
   * @param value the result, or an error
   * @param digest of the data that came with it; null if there were none
   */
  record Expected(int value, Integer digest) {
    static Expected of(int value) {
      return new Expected(value, null);
    }
  }

  private final Node root = new Node(true);

  private Place find(String path) {
    Node at = root;
    Node parent = null;
    String[] names = path.substring(1).split("/");
    for (int i = 0; i < names.length; i++) {
      if (!at.isDirectory()) {
        return new Place(null, null, null, NOT_DIRECTORY);
      }
      parent = at;
      at = parent.entries.get(names[i]);
      if (at == null) {
        boolean last = i == names.length - 1;
        return new Place(last ? parent : null, names[i], null, last ? 0 : ABSENT);
      }
    }
    return new Place(parent, names[names.length - 1], at, 0);
  }

  /** The bytes that the guest's client writes (kernel/clients/script.cc). */
  static byte[] pattern(int seed, int position, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      int at = position + i;
      bytes[i] = (byte) (seed * 31 + at * 7 + (at >>> 8) * 13);
    }
    return bytes;
  }

  static int digest(byte[] bytes) {
    int digest = 0;
    for (byte b : bytes) {
      digest = digest * 31 + (b & 0xff);
    }
    return digest;
  }

  Expected makeDirectory(String path) {
    Place p = find(path);
    if (p.error != 0 || p.node != null) {
      return Expected.of(p.error != 0 ? p.error : EXISTS);
    }
    p.parent.entries.put(p.name, new Node(true));
    return Expected.of(0);
  }

  Expected write(String path, int position, int count, int seed) {
    Place p = find(path);
    if (p.error != 0) {
      return Expected.of(p.error);
    }
    Node file = p.node;
    if (file == null) {
      file = new Node(false);
      p.parent.entries.put(p.name, file);
    }
    if (file.isDirectory()) {
      return Expected.of(IS_DIRECTORY);
    }
    file.content = Arrays.copyOf(file.content, Math.max(file.content.length, position + count));
    System.arraycopy(pattern(seed, position, count), 0, file.content, position, count);
    return Expected.of(count);
  }

  Expected truncate(String path, int size) {
    Place p = find(path);
    int error = fileError(p);
    if (error == 0) {
      p.node.content = Arrays.copyOf(p.node.content, size);
    }
    return Expected.of(error);
  }

  Expected read(String path) {
    Place p = find(path);
    int error = fileError(p);
    return error != 0
        ? Expected.of(error)
        : new Expected(p.node.content.length, digest(p.node.content));
  }

  private static int fileError(Place p) {
    if (p.error != 0) {
      return p.error;
    }
    return p.node == null ? ABSENT : p.node.isDirectory() ? IS_DIRECTORY : 0;
  }

  Expected remove(String path) {
    Place p = find(path);
    int error = fileError(p);
    if (error == 0) {
      p.node.links--;
      p.parent.entries.remove(p.name);
    }
    return Expected.of(error);
  }

  Expected removeDirectory(String path) {
    Place p = find(path);
    if (p.error != 0 || p.node == null) {
      return Expected.of(p.error != 0 ? p.error : ABSENT);
    }
    if (!p.node.isDirectory()) {
      return Expected.of(NOT_DIRECTORY);
    }
    if (!p.node.entries.isEmpty()) {
      return Expected.of(NOT_EMPTY);
    }
    p.parent.entries.remove(p.name);
    return Expected.of(0);
  }

  Expected link(String from, String to) {
    Place a = find(from);
    if (a.error != 0 || a.node == null) {
      return Expected.of(a.error != 0 ? a.error : ABSENT);
    }
    if (a.node.isDirectory()) {
      return Expected.of(NO_RIGHT);
    }
    Place b = find(to);
    if (b.error != 0 || b.node != null) {
      return Expected.of(b.error != 0 ? b.error : EXISTS);
    }
    a.node.links++;
    b.parent.entries.put(b.name, a.node);
    return Expected.of(0);
  }

  Expected rename(String from, String to) {
    Place b = find(to);
    if (b.error != 0) {
      return Expected.of(b.error);
    }
    Place a = find(from);
    if (a.error != 0 || a.node == null) {
      return Expected.of(a.error != 0 ? a.error : ABSENT);
    }
    if (a.node == b.node) {
      return Expected.of(0);
    }
    boolean directory = a.node.isDirectory();
    if (directory && (to + "/").startsWith(from + "/")) {
      return Expected.of(BAD_ARGUMENT);
    }
    if (b.node != null && b.node.isDirectory() != directory) {
      return Expected.of(directory ? NOT_DIRECTORY : IS_DIRECTORY);
    }
    if (b.node != null && directory && !b.node.entries.isEmpty()) {
      return Expected.of(NOT_EMPTY);
    }
    if (b.node != null) {
      b.node.links--;
    }
    a.parent.entries.remove(a.name);
    b.parent.entries.put(b.name, a.node);
    return Expected.of(0);
  }

  /** Returns the directories that there are, without the root. */
  List<String> directories() {
    List<String> all = new ArrayList<>();
    walk(
        "",
        root,
        (path, node) -> {
          if (node.isDirectory()) {
            all.add(path);
          }
        });
    return all;
  }

  /** Returns the content of each file, by path. */
  Map<String, byte[]> files() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    walk(
        "",
        root,
        (path, node) -> {
          if (!node.isDirectory()) {
            all.put(path, node.content);
          }
        });
    return all;
  }

  private interface Visitor {
    void visit(String path, Node node);
  }

  private static void walk(String path, Node at, Visitor visitor) {
    at.entries.forEach((name, node) -> {
      visitor.visit(path + "/" + name, node);
      if (node.isDirectory()) {
        walk(path + "/" + name, node, visitor);
      }
    });
  }
}
