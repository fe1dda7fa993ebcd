package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.curios.kernel.Images;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.junit.jupiter.api.Test;

/** The kernel's code, as it was linked. */
class KernelCodeTest {
  private static final int KERNEL = 0x10000;

  /**
   * The services' library has functions that the compiler calls, such as one that clears memory. An
   * idle kernel has no access to the library, and a flipped bit in it would strike the kernel. A
   * call over that distance needs the function's address as a word in the code.
   */
  @Test
  void theKernelDoesNotCallTheLibrary() throws ImageException {
    Image image = Image.parse("curios", Images.elf("curios"));
    Map<Integer, String> library =
        image.symbols().stream()
            .filter(s -> s.name().matches("(__aeabi_)?mem(cpy|set|clr|move)[48]?"))
            .collect(Collectors.toMap(Image.Symbol::address, Image.Symbol::name, (a, b) -> a));
    assertFalse(library.isEmpty());
    Image.Segment kernel =
        image.segments().stream().filter(s -> s.address() == KERNEL).findFirst().orElseThrow();
    ByteBuffer words = ByteBuffer.wrap(kernel.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    List<String> calls = new ArrayList<>();
    for (int at = 0; at + Integer.BYTES <= kernel.bytes().length; at += Integer.BYTES) {
      String called = library.get(words.getInt(at));
      if (called != null) {
        calls.add("%s at %08x".formatted(called, KERNEL + at));
      }
    }
    assertEquals(List.of(), calls);
  }
}
