package org.curios.lab.guest;

import org.curios.machine.card.DiskBase;
import org.curios.machine.card.ext2.Ext2Formatter;

/** The card with which CuriOS boots by default: an ext2 file system in memory. */
public final class EmbeddedCard {
  /** Bytes on it. */
  public static final long SIZE = 16 << 20;

  private static final String README =
      """
      This is the card of a machine that was started without one.
      It is an ext2 file system of 16 MiB in the memory of the host: what is
      written to it is gone when the machine ends.

      To keep files, make a card and give it with --sd:

          truncate -s 64M card.img
          mke2fs -t ext2 card.img
          ./curios shell --sd card.img
      """;

  private static final String INDEX =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>CuriOS</title></head>
      <body>
      <h1>CuriOS</h1>
      <p>This page comes from a file system and a network service that may crash while it is read.</p>
      <p><a href="README">README</a></p>
      </body>
      </html>
      """;

  private static final DiskBase BASE =
      new Ext2Formatter(SIZE)
          .file("/README", README)
          .file("/index.html", INDEX)
          .folder("/tmp")
          .format();

  private EmbeddedCard() {}

  /** Returns its content, which all machines share. */
  public static DiskBase base() {
    return BASE;
  }
}
