package org.curios.tests.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.curios.machine.net.Cable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code --net} takes. */
class CableTest {
  @Test
  void optionsAreRead() throws IOException {
    Cable c = Cable.parse("stream:/tmp/a:b,loss=2%,reorder=1%,duplicate=1.5%,corrupt=0.1%,seed=7");
    assertEquals("stream", c.kind());
    assertEquals("/tmp/a:b", c.target());
    assertEquals(0.02, c.impairments().loss());
    assertEquals(0.01, c.impairments().reorder());
    assertEquals(0.015, c.impairments().duplicate());
    assertEquals(0.001, c.impairments().corrupt());
    assertEquals(7, c.impairments().seed());
    assertArrayEquals(
        new byte[] {2, 0, 0, 0, 0, 9}, Cable.parse("tap:t,mac=02:00:00:00:00:09").mac());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wifi:x|not a far end of a cable",
        "stream|not a far end of a cable",
        "tap:|not a far end of a cable",
        "tap:t,loss=2|share from 0% to 100%",
        "tap:t,loss=101%|share from 0% to 100%",
        "tap:t,loss=|share from 0% to 100%",
        "tap:t,seed=x|whole number",
        "tap:t,mac=1|address of one station",
        "tap:t,mac=ff:ff:ff:ff:ff:ff|address of one station",
        "tap:t,delay=1|there are loss"
      })
  void whatIsWrongIsToldInALine(String text, String words) {
    IOException e = assertThrows(IOException.class, () -> Cable.parse(text));
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }
}
