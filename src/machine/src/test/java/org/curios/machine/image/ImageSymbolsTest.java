package org.curios.machine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected values: System V ABI, chapter 4, "Symbol Table"; ELF for the ARM Architecture, ARM IHI
 * 0044, 4.5.
 */
class ImageSymbolsTest {
  private static final int OBJECT = 1;
  private static final int FUNCTION = 2;

  private static Elf elf() {
    return new Elf().load(0x10000, new byte[64], 64);
  }

  private static List<Image.Symbol> symbols(Elf elf) throws ImageException {
    return Image.parse("test.elf", elf.build()).symbols();
  }

  @Test
  void comeByRisingAddress() throws ImageException {
    Elf elf =
        elf()
            .symbol("top", 0xf0000000, 4, OBJECT, 1)
            .symbol("data", 0x10020, 4, OBJECT, 1)
            .symbol("main", 0x10000, 32, FUNCTION, 1);
    assertEquals(
        List.of(
            new Image.Symbol(0x10000, 32, "main", true),
            new Image.Symbol(0x10020, 4, "data", false),
            new Image.Symbol(0xf0000000, 4, "top", false)),
        symbols(elf));
  }

  /**
   * IHI 0044, 4.5.3: bit 0 of a function's value is the T bit; an object may have an odd address.
   */
  @Test
  void functionsLoseTheThumbBit() throws ImageException {
    Elf elf = elf().symbol("thumb", 0x10011, 2, FUNCTION, 1).symbol("odd", 0x10021, 1, OBJECT, 1);
    assertEquals(
        List.of(0x10010, 0x10021), symbols(elf).stream().map(Image.Symbol::address).toList());
  }

  /**
   * Mapping symbols (IHI 0044, 4.5.5), section and file symbols, undefined and nameless ones say
   * nothing to a user.
   */
  @Test
  void othersAreLeftOut() throws ImageException {
    Elf elf =
        elf()
            .symbol("$a", 0x10000, 0, 0, 1)
            .symbol("$d.12", 0x10008, 0, 0, 1)
            .symbol(".text", 0x10000, 0, 3, 1)
            .symbol("main.c", 0, 0, 4, 0xfff1)
            .symbol("elsewhere", 0, 0, FUNCTION, 0)
            .symbol("", 0x10000, 0, FUNCTION, 1)
            .symbol("label", 0x10004, 0, 0, 1);
    assertEquals(List.of("label"), symbols(elf).stream().map(Image.Symbol::name).toList());
  }

  /** A table that is not sound costs the names only. */
  @ParameterizedTest
  @ValueSource(ints = {0x7fffffff, -1, -64})
  void brokenTablesAreIgnored(int offset) throws ImageException {
    byte[] file = elf().symbol("main", 0x10000, 32, FUNCTION, 1).build();
    int symbolSection = file.length - 2 * Elf.SECTION_HEADER;
    for (int field :
        new int[] {Elf.E_SHOFF, symbolSection + 16, symbolSection + 24, symbolSection + 56}) {
      Image image = Image.parse("test.elf", Elf.with32(file, field, offset));
      assertNotNull(image.segments());
      assertEquals(List.of(), image.symbols(), () -> "field at " + field);
    }
  }
}
