package org.curios.machine.image;

/**
 * The files and arguments of a kernel besides its image.
 *
 * @param append its command line; empty for none
 * @param initrd initial RAM disk, or null
 * @param deviceTree flattened device tree, or null for boot tags
 */
public record BootFiles(String append, Blob initrd, Blob deviceTree) {
  /** The image alone. */
  public static final BootFiles NONE = new BootFiles("", null, null);

  /**
   * A file.
   *
   * @param name name for messages
   * @param bytes content
   */
  public record Blob(String name, byte[] bytes) {}
}
