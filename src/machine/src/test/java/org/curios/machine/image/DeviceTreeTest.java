package org.curios.machine.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Expected values: Devicetree Specification 0.4, chapter 5. */
class DeviceTreeTest {
  private static final String TEXT = "a board";

  private static DeviceTree parse(byte[] bytes) throws ImageException {
    return DeviceTree.parse("board.dtb", bytes);
  }

  private static ImageException refused(byte[] bytes) {
    ImageException e = assertThrows(ImageException.class, () -> parse(bytes));
    assertTrue(e.getMessage().startsWith("board.dtb: "), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    return e;
  }

  /** The blob of {@link FlatTree}, which is put together by hand. */
  @Test
  void readsNodesAndProperties() throws ImageException {
    DeviceTree tree = parse(FlatTree.blob());
    assertEquals("", tree.root().name());
    assertEquals(
        List.of("memory", "chosen", "bus"),
        tree.root().children().stream().map(DeviceTree.Node::name).toList());
    assertArrayEquals((TEXT + '\0').getBytes(US_ASCII), tree.root().property("model"));
    assertEquals(1, tree.root().cell("#address-cells", 0));
    assertNull(tree.root().property("status"));
    DeviceTree.Node uart = tree.root().child("bus").child("uart@1000");
    assertArrayEquals(new byte[] {0, 0, 0x10, 0, 0, 0, 0x10, 0}, uart.property("reg"));
    assertArrayEquals(new byte[0], uart.property("ranges"));
  }

  @Test
  void writesWhatItHasRead() throws ImageException {
    byte[] first = parse(FlatTree.blob()).flatten();
    assertArrayEquals(first, parse(first).flatten());
    assertArrayEquals(
        FlatTree.blob(), first, "the blob has no gaps, so it comes out as it went in");
  }

  @Test
  void changesComeOut() throws ImageException {
    DeviceTree tree = parse(FlatTree.blob());
    tree.root().child("chosen").setString("bootargs", "quiet");
    tree.root().child("new").setCells("reg", 1, -1);
    DeviceTree again = parse(tree.flatten());
    assertArrayEquals(
        "quiet\0".getBytes(US_ASCII), again.root().child("chosen").property("bootargs"));
    assertArrayEquals(
        new byte[] {0, 0, 0, 1, -1, -1, -1, -1}, again.root().child("new").property("reg"));
  }

  @Test
  void refusesWhatIsNoTree() {
    assertTrue(refused(new byte[0]).getMessage().contains("not a device tree"));
    assertTrue(refused(new byte[100]).getMessage().contains("not a device tree"));
  }

  @Test
  void refusesEveryTruncation() {
    byte[] blob = FlatTree.blob();
    for (int length = 0; length < blob.length; length++) {
      refused(Arrays.copyOf(blob, length));
    }
  }

  @Test
  void refusesAnotherVersion() {
    byte[] blob = FlatTree.blob();
    blob[23] = 1;
    assertTrue(refused(blob).getMessage().contains("version"));
  }

  /** Whatever is changed, it is a tree or it is refused, and soon. */
  @Property(tries = 5000)
  void damageIsRefusedOrHarmless(@ForAll @IntRange(max = 1000) int at, @ForAll int value) {
    byte[] blob = FlatTree.blob();
    for (int i = 0; i < 4 && at + i < blob.length; i++) {
      blob[at + i] = (byte) (value >>> 8 * i);
    }
    try {
      DeviceTree tree = parse(blob);
      assertArrayEquals(tree.flatten(), parse(tree.flatten()).flatten());
    } catch (ImageException e) {
      assertEquals(1, e.getMessage().lines().count());
    }
  }
}
