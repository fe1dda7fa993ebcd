package org.curios.machine.card.ext2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.curios.machine.card.DiskBase;

/** A file system under construction. Offsets are those of The Second Extended File System. */
final class Volume {
  private static final int ROOT = 2;
  private static final int FIRST_FREE = 11;
  private static final int DIRECT = 12;
  private static final int FILE = 1;
  private static final int FOLDER = 2;
  private static final int EXTRA = 32;

  private final Geometry geometry;
  private final String label;
  private final UUID uuid;
  private final int time;

  /** Blocks that are not all zero. */
  private final Map<Long, byte[]> blocks = new HashMap<>();

  private final int[] freeBlocks;
  private final int[] freeInodes;
  private final int[] folders;

  /** The next block for data, and the group that it is in. */
  private long next;

  private int group;
  private int lastInode = FIRST_FREE - 1;

  Volume(Geometry geometry, String label, UUID uuid, int time) {
    this.geometry = geometry;
    this.label = label;
    this.uuid = uuid;
    this.time = time;
    freeBlocks = new int[geometry.groups()];
    freeInodes = new int[geometry.groups()];
    folders = new int[geometry.groups()];
    for (int g = 0; g < geometry.groups(); g++) {
      freeBlocks[g] = geometry.blocksIn(g) - geometry.overhead(g);
      freeInodes[g] = geometry.inodesPerGroup();
    }
    freeInodes[0] -= FIRST_FREE - 1;
    next = geometry.start(0) + geometry.overhead(0);
  }

  /**
   * Writes everything.
   *
   * @param size blocks of the card
   */
  DiskBase write(Node root, long size) {
    root.inode = ROOT;
    root.entries.get("lost+found").inode = take();
    number(root);
    writeFolder(root, ROOT);
    writeBitmaps();
    writeDescriptors();
    return DiskBase.of(size, sectors());
  }

  /** Assigns an inode to every node, adjacent ones within a folder. */
  private void number(Node folder) {
    for (Node node : folder.entries.values()) {
      if (node.inode == 0) {
        node.inode = take();
      }
    }
    folder.entries.values().stream().filter(Node::isFolder).forEach(this::number);
  }

  private int take() {
    lastInode++;
    freeInodes[groupOf(lastInode)]--;
    return lastInode;
  }

  private int groupOf(int inode) {
    return (inode - 1) / geometry.inodesPerGroup();
  }

  private void writeFolder(Node folder, int parent) {
    folders[groupOf(folder.inode)]++;
    int subfolders = (int) folder.entries.values().stream().filter(Node::isFolder).count();
    writeInode(folder, list(folder, parent), 2 + subfolders);
    for (Node node : folder.entries.values()) {
      if (node.isFolder()) {
        writeFolder(node, folder.inode);
      } else {
        writeInode(node, node.content, 1);
      }
    }
  }

  /** Makes the blocks of a folder: no entry crosses a block, the last one goes up to its end. */
  private byte[] list(Node folder, int parent) {
    List<byte[]> entries = new ArrayList<>();
    entries.add(entry(".", folder.inode, FOLDER));
    entries.add(entry("..", parent, FOLDER));
    folder.entries.forEach(
        (name, node) -> entries.add(entry(name, node.inode, node.isFolder() ? FOLDER : FILE)));
    int size = geometry.blockSize();
    byte[] bytes = new byte[entries.stream().mapToInt(e -> e.length).sum() * 2 + size];
    ByteBuffer list = buffer(bytes);
    int last = 0;
    for (byte[] entry : entries) {
      int end = (list.position() / size + 1) * size;
      if (list.position() % size != 0 && list.position() + entry.length > end) {
        list.putShort(last + 4, (short) (end - last));
        list.position(end);
      }
      last = list.position();
      list.put(entry);
    }
    int end = (list.position() + size - 1) / size * size;
    list.putShort(last + 4, (short) (end - last));
    return Arrays.copyOf(bytes, end);
  }

  private static byte[] entry(String name, int inode, int type) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] entry = new byte[(8 + text.length + 3) / 4 * 4];
    buffer(entry)
        .putInt(inode)
        .putShort((short) entry.length)
        .put((byte) text.length)
        .put((byte) type)
        .put(text);
    return entry;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void writeInode(Node node, byte[] content, int links) {
    int taken = 0;
    int[] pointers = new int[15];
    int count = (content.length + geometry.blockSize() - 1) / geometry.blockSize();
    int[] data = new int[count];
    for (int i = 0; i < count; i++) {
      data[i] = allocate();
      int from = i * geometry.blockSize();
      put(
          data[i],
          Arrays.copyOfRange(content, from, Math.min(content.length, from + geometry.blockSize())));
    }
    System.arraycopy(data, 0, pointers, 0, Math.min(count, DIRECT));
    int at = DIRECT;
    for (int level = 1; at < count; level++) {
      Tree tree = new Tree(data, at);
      pointers[DIRECT + level - 1] = tree.write(level);
      at = tree.at;
      taken += tree.taken;
    }
    int index = (node.inode - 1) % geometry.inodesPerGroup();
    int perBlock = geometry.blockSize() / geometry.inodeSize();
    long block = geometry.inodes(groupOf(node.inode)) + index / perBlock;
    byte[] table = blocks.computeIfAbsent(block, b -> new byte[geometry.blockSize()]);
    ByteBuffer inode =
        ByteBuffer.wrap(table, index % perBlock * geometry.inodeSize(), geometry.inodeSize())
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    inode.putShort(0, (short) node.mode);
    inode.putInt(4, content.length);
    inode.putInt(8, time).putInt(12, time).putInt(16, time);
    inode.putShort(26, (short) links);
    inode.putInt(28, (count + taken) * (geometry.blockSize() / DiskBase.BLOCK));
    for (int i = 0; i < pointers.length; i++) {
      inode.putInt(40 + 4 * i, pointers[i]);
    }
    if (geometry.inodeSize() > 128) {
      inode.putShort(128, (short) EXTRA);
    }
  }

  /** Blocks of numbers of blocks. */
  private final class Tree {
    private final int[] data;
    int at;
    int taken;

    Tree(int[] data, int at) {
      this.data = data;
      this.at = at;
    }

    /** Writes a block of numbers; of level 1 they are those of data. */
    int write(int level) {
      int block = allocate();
      taken++;
      byte[] bytes = new byte[geometry.blockSize()];
      ByteBuffer numbers = buffer(bytes);
      while (numbers.hasRemaining() && at < data.length) {
        numbers.putInt(level == 1 ? data[at++] : write(level - 1));
      }
      put(block, bytes);
      return block;
    }
  }

  private int allocate() {
    while (next == geometry.start(group) + geometry.blocksIn(group)) {
      group++;
      if (group == geometry.groups()) {
        throw new IllegalArgumentException(
            "the files do not fit on a card of %d bytes; give a larger one"
                .formatted(geometry.blocks() * geometry.blockSize()));
      }
      next = geometry.start(group) + geometry.overhead(group);
    }
    freeBlocks[group]--;
    return (int) next++;
  }

  private void put(long block, byte[] bytes) {
    blocks.put(block, Arrays.copyOf(bytes, geometry.blockSize()));
  }

  /** Used items come first in each group; bits of nonexistent items are set as well. */
  private void writeBitmaps() {
    for (int g = 0; g < geometry.groups(); g++) {
      int inGroup = geometry.blocksIn(g);
      put(geometry.bitmaps(g), bits(inGroup - freeBlocks[g], inGroup));
      int inodes = geometry.inodesPerGroup();
      put(geometry.bitmaps(g) + 1, bits(inodes - freeInodes[g], inodes));
    }
  }

  private byte[] bits(int used, int existing) {
    byte[] bits = new byte[geometry.blockSize()];
    for (int i = 0; i < 8 * bits.length; i++) {
      if (i < used || i >= existing) {
        bits[i / 8] |= (byte) (1 << i % 8);
      }
    }
    return bits;
  }

  private void writeDescriptors() {
    byte[] bytes = new byte[geometry.tableOfGroups() * geometry.blockSize()];
    ByteBuffer table = buffer(bytes);
    for (int g = 0; g < geometry.groups(); g++) {
      table.putInt((int) geometry.bitmaps(g));
      table.putInt((int) geometry.bitmaps(g) + 1);
      table.putInt((int) geometry.inodes(g));
      table.putShort((short) freeBlocks[g]);
      table.putShort((short) freeInodes[g]);
      table.putShort((short) folders[g]);
      table.position(table.position() + 14);
    }
    for (int g = 0; g < geometry.groups(); g++) {
      if (Geometry.hasSuperblock(g)) {
        int offset = g == 0 && geometry.first() == 0 ? 1024 : 0;
        byte[] block = new byte[geometry.blockSize()];
        System.arraycopy(superblock(g), 0, block, offset, 1024);
        put(geometry.start(g), block);
        for (int i = 0; i < geometry.tableOfGroups(); i++) {
          int from = i * geometry.blockSize();
          put(
              geometry.start(g) + 1 + i,
              Arrays.copyOfRange(bytes, from, from + geometry.blockSize()));
        }
      }
    }
  }

  private byte[] superblock(int group) {
    byte[] bytes = new byte[1024];
    ByteBuffer s = buffer(bytes);
    int log = Integer.numberOfTrailingZeros(geometry.blockSize() / 1024);
    s.putInt(geometry.inodesPerGroup() * geometry.groups());
    s.putInt((int) geometry.blocks());
    s.putInt(0); // none are reserved for root
    s.putInt(Arrays.stream(freeBlocks).sum());
    s.putInt(Arrays.stream(freeInodes).sum());
    s.putInt(geometry.first());
    s.putInt(log).putInt(log);
    s.putInt(geometry.blocksPerGroup()).putInt(geometry.blocksPerGroup());
    s.putInt(geometry.inodesPerGroup());
    s.putInt(0).putInt(time); // times of the last mount and write
    s.putShort((short) 0).putShort((short) -1); // no check is due after any number of mounts
    s.putShort((short) 0xef53);
    s.putShort((short) 1).putShort((short) 1).putShort((short) 0); // clean; continue after errors
    s.putInt(time).putInt(0); // time of the last check, none is due later
    s.putInt(0).putInt(1); // Linux, revision 1
    s.putInt(0); // user and group of reserved blocks
    s.putInt(FIRST_FREE).putShort((short) geometry.inodeSize()).putShort((short) group);
    s.putInt(0).putInt(2).putInt(3); // filetype; sparse_super, large_file
    s.order(ByteOrder.BIG_ENDIAN);
    s.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    s.put(label.getBytes(StandardCharsets.UTF_8));
    if (geometry.inodeSize() > 128) {
      s.order(ByteOrder.LITTLE_ENDIAN)
          .putShort(0x15c, (short) EXTRA)
          .putShort(0x15e, (short) EXTRA);
    }
    return bytes;
  }

  private Map<Long, byte[]> sectors() {
    Map<Long, byte[]> sectors = new HashMap<>();
    byte[] zero = new byte[DiskBase.BLOCK];
    int perBlock = geometry.blockSize() / DiskBase.BLOCK;
    blocks.forEach((number, bytes) -> {
      for (int i = 0; i < perBlock; i++) {
        byte[] sector = Arrays.copyOfRange(bytes, i * DiskBase.BLOCK, (i + 1) * DiskBase.BLOCK);
        if (!Arrays.equals(sector, zero)) {
          sectors.put(number * perBlock + i, sector);
        }
      }
    });
    return sectors;
  }
}
