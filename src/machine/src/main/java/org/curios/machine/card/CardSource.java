package org.curios.machine.card;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The source of a machine's card, as the user gives it: with {@code FILE} the guest's writes go to
 * the file, {@code FILE,snapshot} keeps changes in memory, {@code FILE,readonly} is a
 * write-protected card. Owns the file; to be closed after the machines.
 */
public final class CardSource implements Closeable {
  private static final String SNAPSHOT = ",snapshot";
  private static final String READ_ONLY = ",readonly";

  private final DiskBase base;
  private final Disk through;
  private final boolean readOnly;

  private CardSource(DiskBase base, Disk through, boolean readOnly) {
    this.base = base;
    this.through = through;
    this.readOnly = readOnly;
  }

  /** Returns cards with a content that does not change. */
  public static CardSource of(DiskBase base) {
    return new CardSource(base, null, false);
  }

  /**
   * Opens the card of an option.
   *
   * @param text FILE, FILE,snapshot or FILE,readonly
   * @throws IOException when the file cannot be used; the message is for the user
   */
  public static CardSource open(String text) throws IOException {
    if (text.endsWith(SNAPSHOT)) {
      return of(DiskBase.of(file(text, SNAPSHOT)));
    }
    if (text.endsWith(READ_ONLY)) {
      return new CardSource(DiskBase.of(file(text, READ_ONLY)), null, true);
    }
    Disk through = Disk.writeThrough(file(text, ""));
    return new CardSource(through.base(), through, false);
  }

  /**
   * Opens the card of an option for machines that never write to the file.
   *
   * @throws IOException when the file cannot be used; the message is for the user
   */
  public static CardSource openShared(String text) throws IOException {
    return text.endsWith(SNAPSHOT) || text.endsWith(READ_ONLY) ? open(text) : open(text + SNAPSHOT);
  }

  private static Path file(String text, String suffix) throws IOException {
    String name = text.substring(0, text.length() - suffix.length());
    if (name.isEmpty()) {
      throw new IOException(
          "--sd '"
              + text
              + "': the file name is missing; give FILE, FILE,snapshot or FILE,readonly");
    }
    return Path.of(name);
  }

  /**
   * Returns a disk for a machine, which closes it: the only one of a file that is written to, one
   * more of any other.
   */
  public Disk disk() {
    if (through != null) {
      return through;
    }
    return readOnly ? Disk.writeProtected(base) : new Disk(base);
  }

  /** Returns the content at the start, to be shared by machines that do not write to the file. */
  public DiskBase base() {
    if (through != null) {
      through.keepBase();
    }
    return base;
  }

  @Override
  public void close() throws IOException {
    if (through != null) {
      through.close();
    } else {
      base.close();
    }
  }
}
