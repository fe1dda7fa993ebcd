package org.curios.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The guest images that come with the product. */
public final class Images {
  /** What names of programs of the host begin with. */
  private static final String HOST = "host/";

  /** Size of {@code boot_arguments} in the kernel, and how its text begins. */
  private static final int BOOT_ARGUMENTS = 256;

  private static final String DEFAULT_ARGUMENTS = "policy=ssr-packed run=";

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

  /**
   * Returns whether there is an image of a name, such as {@code host/sieve} on hosts that can run
   * it.
   */
  public static boolean has(String name) {
    return Images.class.getResource(name + ".elf") != null;
  }

  /**
   * Returns the CuriOS image with boot arguments in it.
   *
   * @param arguments pairs {@code key=value} separated by blanks: {@code policy}, {@code run}
   * @throws IllegalArgumentException when they are too long
   */
  public static byte[] curios(String arguments) {
    return withArguments("curios", arguments);
  }

  /** Returns an image of CuriOS, by its name, with boot arguments in it. */
  public static byte[] withArguments(String name, String arguments) {
    byte[] image = elf(name);
    byte[] text = arguments.getBytes(StandardCharsets.US_ASCII);
    if (text.length >= BOOT_ARGUMENTS) {
      throw new IllegalArgumentException(
          "boot arguments of " + text.length + " characters; at most " + (BOOT_ARGUMENTS - 1));
    }
    int at = new String(image, StandardCharsets.ISO_8859_1).indexOf(DEFAULT_ARGUMENTS);
    if (at < 0) {
      throw new IllegalArgumentException(name + " takes no boot arguments");
    }
    Arrays.fill(image, at, at + BOOT_ARGUMENTS, (byte) 0);
    System.arraycopy(text, 0, image, at, text.length);
    return image;
  }

  /** Returns the names of all images of the guest, in the order of {@code images.txt}. */
  public static List<String> names() {
    return text("images.txt")
        .lines()
        .filter(l -> !l.isBlank() && !l.startsWith("#") && !l.startsWith("@"))
        .map(l -> l.substring(0, l.indexOf('|')).trim())
        .filter(n -> !n.startsWith(HOST))
        .toList();
  }

  /** Returns a text that comes with the images, such as {@code images.txt}. */
  public static String text(String name) {
    return new String(resource(name), java.nio.charset.StandardCharsets.UTF_8);
  }

  /**
   * Returns a source file of the guest.
   *
   * @param path as the debug information names it, such as {@code cuik/path.cc}
   * @return null if there is no such file
   */
  public static String source(String path) {
    String name = "source/" + Path.of(path).normalize();
    return Images.class.getResource(name) == null ? null : text(name);
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
