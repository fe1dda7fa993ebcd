package org.curios.machine.image;

/**
 * What a kernel is given besides its image.
 *
 * @param append its command line; empty for none
 * @param initrd initial RAM disk, or null
 * @param deviceTree flattened device tree, or null for boot tags
 */
public record BootFiles(String append, Blob initrd, Blob deviceTree) {
  /** Nothing besides the image. */
  public static final BootFiles NONE = new BootFiles("", null, null);

  /**
   * A file.
   *
   * @param name name for messages
   * @param bytes content
   */
  public record Blob(String name, byte[] bytes) {}
}
