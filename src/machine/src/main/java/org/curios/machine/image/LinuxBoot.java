package org.curios.machine.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ARM Linux boot protocol (Documentation/arm/booting.rst of Linux): R0 zero, R1 the machine
 * number, R2 the address of boot tags or of a device tree. Everything lies where QEMU puts it.
 */
public final class LinuxBoot {
  private static final int TAGS = 0x100;
  private static final int TREE_ALIGNMENT = 4096;
  private static final int PAGE = 1024;
  private static final int MOST_BEFORE_INITRD = 128 << 20;

  private static final int TAG_CORE = 0x54410001;
  private static final int TAG_MEMORY = 0x54410002;
  private static final int TAG_COMMAND_LINE = 0x54410009;
  private static final int TAG_INITRD = 0x54420005;

  private final List<Image.Segment> segments = new ArrayList<>();
  private int argument = TAGS;

  /**
   * Places the data that a raw kernel needs.
   *
   * @param image the kernel
   * @param ramSize bytes of RAM from address 0
   * @throws ImageException when something is damaged or does not fit
   */
  public LinuxBoot(Image image, BootFiles files, int ramSize) throws ImageException {
    byte[] initrd = files.initrd() == null ? null : initrd(files.initrd());
    long kernelEnd = end(image);
    long initrdAt = Math.max(Math.min(ramSize / 2, MOST_BEFORE_INITRD), align(kernelEnd, PAGE));
    long initrdEnd = initrdAt + (initrd == null ? 0 : initrd.length);
    if (initrd != null) {
      requireRoom(files.initrd().name(), "initial RAM disk", initrdAt, initrdEnd, ramSize);
      segments.add(new Image.Segment((int) initrdAt, initrd, initrd.length));
    }
    if (files.deviceTree() == null) {
      byte[] tags =
          tags(files.append(), ramSize, initrd == null ? null : new long[] {initrdAt, initrdEnd});
      requireBelow(image, TAGS + tags.length, "--append: the boot tags");
      segments.add(new Image.Segment(TAGS, tags, tags.length));
      return;
    }
    DeviceTree tree = DeviceTree.parse(files.deviceTree().name(), files.deviceTree().bytes());
    patch(tree, files, ramSize, initrd == null ? null : new long[] {initrdAt, initrdEnd});
    byte[] flat = tree.flatten();
    long treeAt = align(initrdEnd, TREE_ALIGNMENT);
    requireRoom(files.deviceTree().name(), "device tree", treeAt, treeAt + flat.length, ramSize);
    segments.add(new Image.Segment((int) treeAt, flat, flat.length));
    argument = (int) treeAt;
  }

  /**
   * Returns a device tree to load with an ELF executable: at address 0, if there is room below the
   * image; null if not.
   */
  public static Image.Segment treeBelow(Image image, BootFiles files, int ramSize)
      throws ImageException {
    DeviceTree tree = DeviceTree.parse(files.deviceTree().name(), files.deviceTree().bytes());
    patch(tree, files, ramSize, null);
    byte[] flat = tree.flatten();
    requireBelow(image, flat.length, files.deviceTree().name() + ": the device tree");
    return new Image.Segment(0, flat, flat.length);
  }

  /** Returns the data to load besides the image. */
  public List<Image.Segment> segments() {
    return segments;
  }

  /** Returns R2 at the start. */
  public int argument() {
    return argument;
  }

  private static long align(long address, int to) {
    return address + to - 1 & -to;
  }

  private static long end(Image image) {
    Image.Segment last = image.segments().getLast();
    return Integer.toUnsignedLong(last.address()) + Integer.toUnsignedLong(last.size());
  }

  private static byte[] initrd(BootFiles.Blob file) throws ImageException {
    if (file.bytes().length == 0) {
      throw new ImageException(
          file.name() + ": the initial RAM disk is empty; give a cpio archive");
    }
    return UbootImage.is(file.bytes())
        ? UbootImage.ramDisk(file.name(), file.bytes())
        : file.bytes();
  }

  private static void requireRoom(String name, String what, long from, long end, int ramSize)
      throws ImageException {
    if (end > ramSize) {
      throw new ImageException(
          "%s: the %s from %08x to %08x does not fit into RAM of %d MiB; give more with --ram"
              .formatted(name, what, from, end, ramSize >> 20));
    }
  }

  private static void requireBelow(Image image, int end, String what) throws ImageException {
    int lowest = image.segments().getFirst().address();
    if (Integer.compareUnsigned(end, lowest) > 0) {
      throw new ImageException(
          "%s would reach %08x, in the image at %08x; make it shorter"
              .formatted(what, end, lowest));
    }
  }

  private static byte[] tags(String commandLine, int ramSize, long[] initrd) {
    ByteArrayOutputStream tags = new ByteArrayOutputStream();
    put(tags, 5, TAG_CORE, 1, 0x1000, 0);
    put(tags, 4, TAG_MEMORY, ramSize, 0);
    if (initrd != null) {
      put(tags, 4, TAG_INITRD, (int) initrd[0], (int) (initrd[1] - initrd[0]));
    }
    if (!commandLine.isEmpty()) {
      byte[] text = commandLine.getBytes(StandardCharsets.UTF_8);
      int words = text.length / 4 + 1;
      put(tags, words + 2, TAG_COMMAND_LINE);
      tags.writeBytes(Arrays.copyOf(text, 4 * words));
    }
    put(tags, 0, 0);
    return tags.toByteArray();
  }

  private static void put(ByteArrayOutputStream to, int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    to.writeBytes(bytes.array());
  }

  /** Reports how much RAM there is, and in {@code /chosen} the command line and the RAM disk. */
  private static void patch(DeviceTree tree, BootFiles files, int ramSize, long[] initrd)
      throws ImageException {
    DeviceTree.Node root = tree.root();
    int addressCells = root.cell("#address-cells", 2);
    int sizeCells = root.cell("#size-cells", 1);
    if (addressCells < 1 || addressCells > 2 || sizeCells < 1 || sizeCells > 2) {
      throw new ImageException(
          files.deviceTree().name()
              + ": addresses and sizes in the root of a device tree have 1 or 2 cells; fix its"
              + " #address-cells and #size-cells");
    }
    root.children().removeIf(n -> n.name().equals("memory") || n.name().startsWith("memory@"));
    DeviceTree.Node memory = root.child("memory@0");
    int[] reg = new int[addressCells + sizeCells];
    reg[reg.length - 1] = ramSize;
    memory.setString("device_type", "memory");
    memory.setCells("reg", reg);
    DeviceTree.Node chosen = root.child("chosen");
    if (!files.append().isEmpty()) {
      chosen.setString("bootargs", files.append());
    }
    if (initrd != null) {
      chosen.setCells("linux,initrd-start", (int) initrd[0]);
      chosen.setCells("linux,initrd-end", (int) initrd[1]);
    }
  }
}
