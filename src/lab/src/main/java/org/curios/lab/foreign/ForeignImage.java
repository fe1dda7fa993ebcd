package org.curios.lab.foreign;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.curios.lab.LabException;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * An image other than CuriOS: an ELF executable, a U-Boot image or a raw one.
 *
 * @param file where it was read from
 * @param bytes of the file
 * @param image what they say
 */
public record ForeignImage(Path file, byte[] bytes, Image image) {
  /**
   * Reads an image.
   *
   * @throws LabException when the file is missing or is no image
   */
  public static ForeignImage read(Path file) {
    try {
      byte[] bytes = Image.readBytes(file);
      return new ForeignImage(file, bytes, Image.parse(file.toString(), bytes));
    } catch (ImageException e) {
      throw new LabException(e.getMessage(), e);
    }
  }

  /** Returns the SHA-256 of its file, in hexadecimal. */
  public String digest() {
    return digest(bytes);
  }

  static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
