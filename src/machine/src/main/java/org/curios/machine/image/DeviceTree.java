package org.curios.machine.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A flattened device tree (Devicetree Specification 0.4, chapter 5), read whole, changed as a tree,
 * and written again. Properties and nodes keep their order.
 */
public final class DeviceTree {
  private static final int MAGIC = 0xd00dfeed;
  private static final int HEADER = 40;
  private static final int VERSION = 17;
  private static final int OLDEST_READER = 16;

  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROPERTY = 3;
  private static final int NOP = 4;
  private static final int END = 9;

  /** Deeper than any real tree; a deeper one is damaged. */
  private static final int MAX_DEPTH = 64;

  /** A node of the tree. */
  public static final class Node {
    private final String name;
    private final Map<String, byte[]> properties = new LinkedHashMap<>();
    private final List<Node> children = new ArrayList<>();

    private Node(String name) {
      this.name = name;
    }

    /** Returns the name with the unit address; that of the root is empty. */
    public String name() {
      return name;
    }

    /** Returns the nodes below this one. */
    public List<Node> children() {
      return children;
    }

    /** Returns the child with a name, appended if it does not exist. */
    public Node child(String childName) {
      for (Node child : children) {
        if (child.name.equals(childName)) {
          return child;
        }
      }
      Node made = new Node(childName);
      children.add(made);
      return made;
    }

    /** Returns the bytes of a property, or null. */
    public byte[] property(String property) {
      return properties.get(property);
    }

    /** Sets a property to big-endian cells of 32 bits. */
    public void setCells(String property, int... cells) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * cells.length);
      for (int cell : cells) {
        bytes.putInt(cell);
      }
      properties.put(property, bytes.array());
    }

    /** Sets a property to a string, which gets its final zero. */
    public void setString(String property, String text) {
      properties.put(property, (text + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a property of one cell, or a default if it is not there. */
    int cell(String property, int otherwise) {
      byte[] bytes = properties.get(property);
      return bytes == null || bytes.length != 4 ? otherwise : ByteBuffer.wrap(bytes).getInt();
    }
  }

  private final List<long[]> reserved = new ArrayList<>();
  private final int bootProcessor;
  private Node root;

  private DeviceTree(int bootProcessor) {
    this.bootProcessor = bootProcessor;
  }

  /** Returns the root node. */
  public Node root() {
    return root;
  }

  /**
   * Reads a tree.
   *
   * @param name of the file, for messages
   * @throws ImageException when it is no device tree, or a damaged one
   */
  public static DeviceTree parse(String name, byte[] bytes) throws ImageException {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER || all.getInt(0) != MAGIC) {
      throw new ImageException(
          name
              + ": not a device tree (it does not begin with d00dfeed); compile it with dtc -O dtb");
    }
    int total = all.getInt(4);
    if (total < HEADER || total > bytes.length) {
      throw new ImageException(
          "%s: truncated device tree, %d bytes of %d; copy it again"
              .formatted(name, bytes.length, Integer.toUnsignedLong(total)));
    }
    if (all.getInt(24) > VERSION || all.getInt(20) < OLDEST_READER) {
      throw new ImageException(
          "%s: a device tree of version %d; compile it with dtc -V 17"
              .formatted(name, Integer.toUnsignedLong(all.getInt(20))));
    }
    try {
      return new Reader(all.slice(0, total)).read();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new ImageException(name + ": the device tree is damaged; compile or copy it again");
    }
  }

  /** Reads the parts; an offset outside the blob throws an exception. */
  private static final class Reader {
    private final ByteBuffer blob;
    private final int strings;
    private int at;
    private long namesLeft;

    Reader(ByteBuffer blob) {
      this.blob = blob;
      this.at = blob.getInt(8);
      this.strings = blob.getInt(12);
      this.namesLeft = 4L * blob.capacity();
    }

    DeviceTree read() {
      DeviceTree tree = new DeviceTree(blob.getInt(28));
      for (int entry = blob.getInt(16); ; entry += 16) {
        long[] range = {blob.getLong(entry), blob.getLong(entry + 8)};
        if (range[0] == 0 && range[1] == 0) {
          break;
        }
        tree.reserved.add(range);
      }
      require(token() == BEGIN_NODE);
      tree.root = node(0);
      require(token() == END);
      return tree;
    }

    private static void require(boolean holds) {
      if (!holds) {
        throw new IllegalArgumentException();
      }
    }

    private int token() {
      int token;
      do {
        token = blob.getInt(at);
        at += 4;
      } while (token == NOP);
      return token;
    }

    private Node node(int depth) {
      require(depth < MAX_DEPTH);
      Node node = new Node(string(at));
      at = align(at + node.name.getBytes(StandardCharsets.UTF_8).length + 1);
      while (true) {
        int token = token();
        switch (token) {
          case BEGIN_NODE -> node.children.add(node(depth + 1));
          case PROPERTY -> {
            int length = blob.getInt(at);
            String name = string(strings + blob.getInt(at + 4));
            require(length >= 0 && length <= blob.capacity() - at - 8);
            byte[] value = new byte[length];
            blob.get(at + 8, value);
            node.properties.put(name, value);
            at = align(at + 8 + length);
          }
          case END_NODE -> {
            return node;
          }
          default -> throw new IllegalArgumentException();
        }
      }
    }

    /** A name; in a sound tree all names together are not much longer than the blob. */
    private String string(int from) {
      int end = from;
      while (blob.get(end) != 0) {
        require(blob.get(end++) > 0); // names are ASCII
      }
      namesLeft -= end - from;
      require(namesLeft >= 0);
      byte[] bytes = new byte[end - from];
      blob.get(from, bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static int align(int offset) {
    return offset + 3 & ~3;
  }

  /** Returns the tree as a blob of version 17. */
  public byte[] flatten() {
    Map<String, Integer> names = new LinkedHashMap<>();
    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    ByteArrayOutputStream structure = new ByteArrayOutputStream();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(structure);
      write(root, names, strings, out);
      out.writeInt(END);
      int structureAt = HEADER + 16 * (reserved.size() + 1);
      int stringsAt = structureAt + structure.size();
      DataOutputStream blob = new DataOutputStream(whole);
      int[] header = {
        MAGIC,
        stringsAt + strings.size(),
        structureAt,
        stringsAt,
        HEADER,
        VERSION,
        OLDEST_READER,
        bootProcessor,
        strings.size(),
        structure.size()
      };
      for (int word : header) {
        blob.writeInt(word);
      }
      for (long[] range : reserved) {
        blob.writeLong(range[0]);
        blob.writeLong(range[1]);
      }
      blob.writeLong(0);
      blob.writeLong(0);
      structure.writeTo(blob);
      strings.writeTo(blob);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return whole.toByteArray();
  }

  private static void write(
      Node node, Map<String, Integer> names, ByteArrayOutputStream strings, DataOutputStream out)
      throws IOException {
    out.writeInt(BEGIN_NODE);
    write(out, (node.name + '\0').getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, byte[]> property : node.properties.entrySet()) {
      Integer name = names.get(property.getKey());
      if (name == null) {
        name = strings.size();
        names.put(property.getKey(), name);
        strings.writeBytes((property.getKey() + '\0').getBytes(StandardCharsets.UTF_8));
      }
      out.writeInt(PROPERTY);
      out.writeInt(property.getValue().length);
      out.writeInt(name);
      write(out, property.getValue());
    }
    for (Node child : node.children) {
      write(child, names, strings, out);
    }
    out.writeInt(END_NODE);
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.write(bytes);
    out.write(new byte[align(bytes.length) - bytes.length]);
  }
}
