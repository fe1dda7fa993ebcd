package org.curios.machine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: System V ABI, chapters 4 and 5, and ELF for the ARM Architecture, ARM IHI 0044.
 */
class ImageTest {
  private static final byte[] CODE = {1, 2, 3, 4, 5, 6, 7, 8};

  @TempDir Path directory;

  private static Elf one() {
    return new Elf().load(0x10000, CODE, CODE.length);
  }

  private static Image parse(byte[] bytes) throws ImageException {
    return Image.parse("test.elf", bytes);
  }

  private static void assertRefused(byte[] bytes, String... words) {
    ImageException e = assertThrows(ImageException.class, () -> parse(bytes));
    assertTrue(e.getMessage().startsWith("test.elf: "), e.getMessage());
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), () -> word + " in: " + e.getMessage());
    }
    assertEquals(1, e.getMessage().lines().count(), "one line for the user");
  }

  @Test
  void loadsSegmentsByRisingAddress() throws ImageException {
    byte[] data = {9};
    Image image =
        parse(
            new Elf()
                .entry(0x20004)
                .load(0x20000, CODE, CODE.length)
                .load(0x8000, data, 100)
                .build());
    assertFalse(image.raw());
    assertEquals(0x20004, image.entry());
    List<Image.Segment> segments = image.segments();
    assertEquals(List.of(0x8000, 0x20000), segments.stream().map(Image.Segment::address).toList());
    assertArrayEquals(data, segments.get(0).bytes());
    assertEquals(100, segments.get(0).size());
    assertArrayEquals(CODE, segments.get(1).bytes());
  }

  /** ABI chapter 5: only PT_LOAD is loaded; one without memory is nothing. */
  @Test
  void ignoresOtherSegments() throws ImageException {
    byte[] file = one().segment(0x70000001, 0x10000, CODE, 8).load(0x10004, new byte[0], 0).build();
    assertEquals(1, parse(file).segments().size());
  }

  /** ABI chapter 5: p_paddr is where an image without an MMU lies, not p_vaddr. */
  @Test
  void loadsAtThePhysicalAddress() throws ImageException {
    byte[] file = Elf.with32(one().build(), Elf.HEADER + 8, 0xc0010000);
    assertEquals(0x10000, parse(file).segments().get(0).address());
  }

  /** IHI 0044, 4.1: bit 0 of the entry selects Thumb state. */
  @ParameterizedTest
  @CsvSource({"0x10004,0x10004", "0x10003,0x10003"})
  void entryKeepsTheThumbBit(int entry, int expected) throws ImageException {
    assertEquals(expected, parse(one().entry(entry).build()).entry());
  }

  @Test
  void refusesAnotherMachine() {
    assertRefused(Elf.with16(one().build(), Elf.E_MACHINE, 3), "machine number 3", "ARM");
  }

  @Test
  void refusesAnotherClassAndEndianness() {
    byte[] wide = one().build();
    wide[Elf.E_CLASS] = 2;
    assertRefused(wide, "64-bit");
    byte[] big = one().build();
    big[Elf.E_DATA] = 2;
    assertRefused(big, "big-endian");
  }

  /** ABI chapter 4: 1 relocatable, 3 shared object, 4 core. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4})
  void refusesAnotherType(int type) {
    assertRefused(Elf.with16(one().build(), Elf.E_TYPE, type), "not executable");
  }

  /** Cut anywhere in front of the end of the segment's content, a file is refused. */
  @Test
  void refusesEveryTruncation() {
    byte[] file = one().build();
    for (int length = 4; length < Elf.HEADER + Elf.PROGRAM_HEADER + CODE.length; length++) {
      assertRefused(Arrays.copyOf(file, length), "truncated");
    }
  }

  /** What lies after the segments is not needed to run. */
  @Test
  void loadsWithoutItsSections() throws ImageException {
    byte[] file = one().symbol("main", 0x10000, 8, 2, 1).build();
    Image image = parse(Arrays.copyOf(file, Elf.HEADER + Elf.PROGRAM_HEADER + CODE.length));
    assertArrayEquals(CODE, image.segments().get(0).bytes());
    assertEquals(List.of(), image.symbols());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x10007, 0x10000, 0xfff9})
  void refusesOverlappingSegments(int address) {
    assertRefused(one().load(address, CODE, CODE.length).build(), "overlap", "00010000");
  }

  /** A segment may begin where another ends, also with zeros at its end. */
  @Test
  void takesAdjacentSegments() throws ImageException {
    assertEquals(2, parse(one().load(0xf000, CODE, 0x1000).build()).segments().size());
    assertRefused(one().load(0xf000, CODE, 0x1001).build(), "overlap");
  }

  /** A segment beyond the address space overlaps nothing by wrapping round. */
  @Test
  void refusesASegmentBeyondTheAddressSpace() {
    assertRefused(new Elf().load(0xfffffff8, CODE, 16).build(), "fffffff8");
  }

  @Test
  void refusesAFileWithNothingToLoad() {
    assertRefused(Elf.with16(one().build(), Elf.E_PHNUM, 0), "program headers");
    assertRefused(new Elf().segment(4, 0, CODE, 8).build(), "nothing to load");
  }

  /** ABI chapter 5: p_filesz is not larger than p_memsz. */
  @Test
  void refusesMoreInTheFileThanInMemory() {
    assertRefused(new Elf().load(0x10000, CODE, CODE.length - 1).build(), "larger");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7fffffff, -1, 0x10000})
  void refusesProgramHeadersBehindTheEnd(int offset) {
    assertRefused(Elf.with32(one().build(), Elf.E_PHOFF, offset), "truncated");
  }

  /**
   * Anything that is no ELF file is a raw image at 0x10000, where QEMU's -kernel puts it on this
   * board.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 1000})
  void takesRawImages(int length) throws ImageException {
    byte[] bytes = new byte[length];
    bytes[0] = 0x7f;
    Image image = parse(bytes);
    assertTrue(image.raw());
    assertEquals(0x10000, image.entry());
    assertEquals(0x10000, image.segments().get(0).address());
    assertArrayEquals(bytes, image.segments().get(0).bytes());
  }

  @Test
  void refusesAnEmptyFile() {
    assertRefused(new byte[0], "empty");
  }

  @Test
  void refusesWhatIsNoFile() throws Exception {
    Path missing = directory.resolve("missing");
    ImageException e = assertThrows(ImageException.class, () -> Image.read(missing));
    assertTrue(e.getMessage().contains("no such file"), e.getMessage());
    assertThrows(ImageException.class, () -> Image.read(directory));
    Path there = Files.write(directory.resolve("there"), CODE);
    assertArrayEquals(CODE, Image.read(there).segments().get(0).bytes());
  }

  /** RAM of 1 MiB ends at 0x100000: up to the last byte an image fits. */
  @ParameterizedTest
  @CsvSource({
    "0xffff8,8,true",
    "0xffff8,9,false",
    "0x10000,0xf0000,true",
    "0x10000,0x7fffffff,false",
    "0x80000000,8,false"
  })
  void imageHasToFitIntoRam(long address, int size, boolean fits) throws ImageException {
    Image image = parse(new Elf().load((int) address, CODE, size).build());
    try (Machine machine = new MachineBuilder().ram(1 << 20).jit(false).build()) {
      if (fits) {
        machine.load(image);
        assertEquals(CODE[7], machine.bus().read((int) address + 7, 1));
      } else {
        ImageException e = assertThrows(ImageException.class, () -> machine.load(image));
        assertTrue(e.getMessage().contains("RAM of 1 MiB"), e.getMessage());
      }
    }
  }

  /**
   * A file whose section headers all name one big symbol table is read in time and space
   * proportional to its size.
   */
  @Test
  void hostileSectionHeadersCostNothing() {
    byte[] file = manySymbols("x", 20_000);
    int symbolSection = file.length - 2 * Elf.SECTION_HEADER;
    byte[] hostile = Elf.with16(Elf.with16(file, Elf.E_SHENTSIZE, 0), Elf.E_SHNUM, 0xffff);
    byte[] bytes = Elf.with32(hostile, Elf.E_SHOFF, symbolSection);
    assertTimeout(Duration.ofSeconds(5), () -> parse(bytes));
  }

  /** The same for symbols that all have one long name. */
  @Test
  void hostileNamesCostNothing() {
    byte[] file = manySymbols("x".repeat(500_000), 1);
    byte[] many = manySymbols("", 20_000);
    byte[] bytes = new byte[many.length + file.length];
    System.arraycopy(many, 0, bytes, 0, many.length);
    Arrays.fill(bytes, many.length, bytes.length - 1, (byte) 'x');
    byte[] hostile = Elf.with32(bytes, many.length - Elf.SECTION_HEADER + 16, many.length);
    assertTimeout(Duration.ofSeconds(5), () -> parse(hostile));
  }

  private static byte[] manySymbols(String name, int count) {
    Elf elf = one();
    for (int i = 0; i < count; i++) {
      elf.symbol(name, 0x10000 + i, 1, 2, 1);
    }
    return elf.build();
  }
}
