package org.curios.machine.card.ext2;

import java.util.Map;
import java.util.TreeMap;

/** A file or a folder to be created. */
final class Node {
  /** Content of a file; null for a folder. */
  final byte[] content;

  /** What is in a folder, by name. */
  final Map<String, Node> entries = new TreeMap<>();

  final int mode;
  int inode;

  private Node(byte[] content, int mode) {
    this.content = content;
    this.mode = mode;
  }

  static Node file(byte[] content) {
    return new Node(content, 0100644);
  }

  static Node folder(int permissions) {
    return new Node(null, 0040000 | permissions);
  }

  boolean isFolder() {
    return content == null;
  }
}
