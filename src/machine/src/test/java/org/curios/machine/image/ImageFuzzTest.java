package org.curios.machine.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;

/**
 * Whatever a file holds, it is an image that keeps the promises of {@link Image}, or an {@link
 * ImageException}.
 */
class ImageFuzzTest {
  private static final byte[] VALID = valid();
  private static final int SEGMENTS_END = Elf.HEADER + 3 * Elf.PROGRAM_HEADER + 40;
  private static final int RAM = 1 << 20;

  private static Machine machine;

  private static byte[] valid() {
    return new Elf()
        .load(0x10000, new byte[16], 32)
        .load(0x20000, new byte[24], 24)
        .segment(0x6474e551, 0, new byte[0], 0)
        .symbol("main", 0x10000, 16, 2, 1)
        .symbol("data", 0x20000, 8, 1, 2)
        .symbol("$a", 0x10000, 0, 0, 1)
        .build();
  }

  /** A change of some bytes of a file: a value, a number of bytes, a place. */
  record Change(int at, int size, int value) {
    void apply(byte[] file) {
      for (int i = 0; i < size && at + i < file.length; i++) {
        file[at + i] = (byte) (value >>> 8 * i);
      }
    }
  }

  @BeforeContainer
  static void build() throws ImageException {
    machine = new MachineBuilder().ram(RAM).jit(false).build();
  }

  @AfterContainer
  static void close() {
    machine.close();
  }

  /**
   * Half the changes are to the header, where each byte matters; values near the limits are
   * frequent.
   */
  @Provide
  Arbitrary<Change> changes() {
    Arbitrary<Integer> places =
        Arbitraries.oneOf(
            Arbitraries.integers().between(4, Elf.HEADER),
            Arbitraries.integers().between(4, VALID.length));
    Arbitrary<Integer> values =
        Arbitraries.oneOf(
            Arbitraries.integers(),
            Arbitraries.integers().between(-64, VALID.length + 64),
            Arbitraries.of(Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 0, 0xffff, 0x10000));
    return Combinators.combine(places, Arbitraries.of(1, 2, 4), values).as(Change::new);
  }

  /** Parses and, if that goes well, loads; checks what {@link Image} promises. */
  private static void load(byte[] file) {
    Image image;
    try {
      image = Image.parse("fuzz", file);
    } catch (ImageException e) {
      checkMessage(e);
      return;
    }
    long end = 0;
    for (Image.Segment s : image.segments()) {
      assertTrue(Integer.toUnsignedLong(s.address()) >= end, "segments rise and do not overlap");
      end = Integer.toUnsignedLong(s.address()) + Integer.toUnsignedLong(s.size());
      assertTrue(
          s.bytes().length <= Integer.toUnsignedLong(s.size()), "content is not more than memory");
    }
    assertTrue(end <= 1L << 32, "segments lie in the address space");
    long last = 0;
    for (Image.Symbol s : image.symbols()) {
      assertTrue(Integer.toUnsignedLong(s.address()) >= last, "symbols rise");
      assertFalse(s.name().isEmpty(), "symbols have names");
      last = Integer.toUnsignedLong(s.address());
    }
    boolean fits = end <= RAM;
    try {
      machine.load(image);
      assertTrue(fits, "an image was loaded that does not fit into RAM");
    } catch (ImageException e) {
      checkMessage(e);
      assertFalse(fits, "an image was refused that fits into RAM");
    }
  }

  private static void checkMessage(ImageException e) {
    assertTrue(e.getMessage().startsWith("fuzz: "), e.getMessage());
    assertTrue(e.getMessage().lines().count() == 1, "one line for the user");
  }

  @Property
  void anyBytes(@ForAll @Size(max = 2000) byte[] file) {
    load(file);
  }

  @Property
  void anyBytesBehindTheIdentification(@ForAll @Size(max = 2000) byte[] bytes) {
    byte[] file = Arrays.copyOf(VALID, 20 + bytes.length);
    System.arraycopy(bytes, 0, file, 20, bytes.length);
    load(file);
  }

  @Property(tries = 20_000)
  void validFileWithChanges(@ForAll @Size(min = 1, max = 6) List<@From("changes") Change> changes) {
    byte[] file = VALID.clone();
    changes.forEach(c -> c.apply(file));
    load(file);
  }

  @Property
  void truncatedFile(@ForAll @IntRange(min = 4, max = 10_000) int length) {
    byte[] file = Arrays.copyOf(VALID, Math.min(length, VALID.length));
    if (file.length < SEGMENTS_END) {
      assertThrows(ImageException.class, () -> Image.parse("fuzz", file));
    }
    load(file);
  }

  @Property
  void truncatedFileWithChanges(
      @ForAll @IntRange(min = 1, max = 600) int length,
      @ForAll @Size(max = 4) List<@From("changes") Change> changes) {
    byte[] file = VALID.clone();
    changes.forEach(c -> c.apply(file));
    load(Arrays.copyOf(file, Math.min(length, file.length)));
  }
}
