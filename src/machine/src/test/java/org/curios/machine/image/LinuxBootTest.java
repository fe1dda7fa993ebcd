package org.curios.machine.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.junit.jupiter.api.Test;

/**
 * Expected values: Linux, Documentation/arm/booting.rst and arch/arm/include/uapi/asm/setup.h; the
 * places are those of QEMU's hw/arm/boot.c.
 */
class LinuxBootTest {
  private static final int MIB = 1 << 20;
  private static final byte[] DISK = {1, 2, 3, 4, 5};

  private static Image kernel(int size) throws ImageException {
    return Image.parse("zImage", new byte[size]);
  }

  private static BootFiles files(String append, byte[] initrd, byte[] tree) {
    return new BootFiles(
        append,
        initrd == null ? null : new BootFiles.Blob("initrd", initrd),
        tree == null ? null : new BootFiles.Blob("board.dtb", tree));
  }

  private static List<Integer> words(Image.Segment segment) {
    ByteBuffer bytes = ByteBuffer.wrap(segment.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> words = new ArrayList<>();
    while (bytes.hasRemaining()) {
      words.add(bytes.getInt());
    }
    return words;
  }

  @Test
  void tagsSayMemoryDiskAndCommandLine() throws ImageException {
    LinuxBoot boot = new LinuxBoot(kernel(1000), files("abcd", DISK, null), 64 * MIB);
    assertEquals(0x100, boot.argument());
    Image.Segment disk = boot.segments().get(0);
    assertEquals(32 * MIB, disk.address(), "in the middle of RAM");
    assertArrayEquals(DISK, disk.bytes());
    Image.Segment tags = boot.segments().get(1);
    assertEquals(0x100, tags.address());
    assertEquals(
        List.of(
            5,
            0x54410001,
            1,
            0x1000,
            0, //
            4,
            0x54410002,
            64 * MIB,
            0, //
            4,
            0x54420005,
            32 * MIB,
            5, //
            4,
            0x54410009,
            0x64636261,
            0, //
            0,
            0),
        words(tags));
  }

  @Test
  void diskIsAtMost128MibUpAndBehindTheKernel() throws ImageException {
    BootFiles disk = files("", DISK, null);
    assertEquals(
        128 * MIB, new LinuxBoot(kernel(1000), disk, 512 * MIB).segments().get(0).address());
    assertEquals(
        0x110400, new LinuxBoot(kernel(MIB + 1), disk, 2 * MIB).segments().get(0).address());
  }

  @Test
  void treeIsBehindTheDiskAndSaysTheSame() throws ImageException {
    LinuxBoot boot = new LinuxBoot(kernel(1000), files("quiet", DISK, FlatTree.blob()), 64 * MIB);
    Image.Segment flat = boot.segments().get(1);
    assertEquals(32 * MIB + 4096, flat.address());
    assertEquals(flat.address(), boot.argument());
    DeviceTree.Node root = DeviceTree.parse("patched", flat.bytes()).root();
    assertEquals(
        List.of("chosen", "bus", "memory@0"),
        root.children().stream().map(DeviceTree.Node::name).toList());
    assertArrayEquals(
        ByteBuffer.allocate(8).putInt(0).putInt(64 * MIB).array(),
        root.child("memory@0").property("reg"));
    DeviceTree.Node chosen = root.child("chosen");
    assertArrayEquals("quiet\0".getBytes(US_ASCII), chosen.property("bootargs"));
    assertEquals(32 * MIB, chosen.cell("linux,initrd-start", 0));
    assertEquals(32 * MIB + 5, chosen.cell("linux,initrd-end", 0));
  }

  @Test
  void takesTheDiskOutOfItsWrapping() throws ImageException {
    byte[] wrapped = new byte[64 + DISK.length];
    ByteBuffer.wrap(wrapped).putInt(0, 0x27051956).putInt(12, DISK.length);
    wrapped[29] = 2;
    wrapped[30] = 3;
    System.arraycopy(DISK, 0, wrapped, 64, DISK.length);
    LinuxBoot boot = new LinuxBoot(kernel(1000), files("", wrapped, null), 64 * MIB);
    assertArrayEquals(DISK, boot.segments().get(0).bytes());
    ImageException e = assertThrows(ImageException.class, () -> Image.parse("uInitrd", wrapped));
    assertTrue(e.getMessage().contains("--initrd"), e.getMessage());
  }

  private static void refused(String word, Image image, BootFiles files, int ram) {
    ImageException e =
        assertThrows(ImageException.class, () -> new LinuxBoot(image, files, ram).segments());
    assertTrue(e.getMessage().contains(word), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void whatDoesNotFitIsRefused() throws ImageException {
    Image image = kernel(1000);
    refused("initrd: the initial RAM disk", image, files("", new byte[MIB + 1], null), 2 * MIB);
    refused("initrd: the initial RAM disk is empty", image, files("", new byte[0], null), 2 * MIB);
    refused(
        "board.dtb: the device tree", image, files("", new byte[MIB], FlatTree.blob()), 2 * MIB);
    refused("--append", image, files("x".repeat(0x10000), null, null), 2 * MIB);
    refused("board.dtb: not a device tree", image, files("", null, new byte[100]), 2 * MIB);
  }

  /** The root's cells rule the memory node, and some trees have none that could. */
  @Test
  void cellsThatCannotBeAreRefused() throws ImageException {
    DeviceTree tree = DeviceTree.parse("board.dtb", FlatTree.blob());
    tree.root().setCells("#size-cells", 0);
    refused("#size-cells", kernel(1000), files("", null, tree.flatten()), 2 * MIB);
    tree.root().setCells("#address-cells", 2);
    tree.root().setCells("#size-cells", 2);
    LinuxBoot boot = new LinuxBoot(kernel(1000), files("", null, tree.flatten()), 2 * MIB);
    DeviceTree patched = DeviceTree.parse("patched", boot.segments().get(0).bytes());
    assertArrayEquals(
        ByteBuffer.allocate(16).putLong(0).putLong(2 * MIB).array(),
        patched.root().child("memory@0").property("reg"));
  }

  @Test
  void elfImagesFindTheTreeAtZeroAndTakeNothingElse() throws ImageException {
    Image elf =
        new Image(
            "test.elf",
            List.of(new Image.Segment(0x10000, new byte[4], 4)),
            0x10000,
            false,
            List.of(),
            org.curios.machine.image.dwarf.DebugInfo.NONE);
    try (Machine machine = new MachineBuilder().ram(MIB).jit(false).build()) {
      machine.load(elf, files("", null, FlatTree.blob()));
      assertEquals(0xedfe0dd0, machine.bus().read(0, 4));
      assertEquals(0, machine.cpu().r2);
      for (BootFiles useless : List.of(files("quiet", null, null), files("", DISK, null))) {
        assertThrows(ImageException.class, () -> machine.load(elf, useless));
      }
    }
  }
}
