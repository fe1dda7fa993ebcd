package org.curios.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The guest images that come with the product. */
public final class Images {
  private Images() {}

  /**
   * Returns an ELF image.
   *
   * @param name path without its ending, such as {@code bench/sieve}
   * @throws IllegalArgumentException when there is no such image
   */
  public static byte[] elf(String name) {
    return resource(name + ".elf");
  }

  /** Returns the names of all images, in the order of {@code images.txt}. */
  public static List<String> names() {
    return text("images.txt")
        .lines()
        .filter(l -> !l.isBlank() && !l.startsWith("#"))
        .map(l -> l.substring(0, l.indexOf('|')).trim())
        .toList();
  }

  /** Returns a text that comes with the images, such as {@code images.txt}. */
  public static String text(String name) {
    return new String(resource(name), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) {
    try (InputStream in = Images.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no guest resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
