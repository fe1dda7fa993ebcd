package org.curios.shell;

import java.io.IOException;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.machine.card.CardSource;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.image.ImageException;
import picocli.CommandLine.Option;

/** The SD card of a machine. */
final class CardOption {
  /** What the commands say that never write to a file. */
  static final String SHARED = "Image of the SD card; the guest's writes stay in memory.";

  @Option(
      names = "--sd",
      paramLabel = "FILE",
      description = {
        "Image of the SD card. With FILE, the guest's writes go to the file; FILE,snapshot keeps changes",
        "in memory; FILE,readonly is write-protected."
      })
  private String file;

  /**
   * Opens the file, until the process ends; the machine flushes it when it is closed.
   *
   * @param otherwise the content of the card if the user specifies none; null for no card
   * @return the disk for the one machine that has it; null for no card
   * @throws ImageException when it cannot be used
   */
  Disk open(DiskBase otherwise) throws ImageException {
    if (file == null) {
      return otherwise == null ? null : new Disk(otherwise);
    }
    try {
      return CardSource.open(file).disk();
    } catch (IOException e) {
      throw new ImageException(e.getMessage());
    }
  }

  /**
   * Opens a file for machines that never write to it.
   *
   * @param option what the user has said; null for the embedded card
   * @return what all of them find on their cards
   * @throws ImageException when it cannot be used
   */
  static DiskBase shared(String option) throws ImageException {
    try {
      return option == null ? EmbeddedCard.base() : CardSource.openShared(option).base();
    } catch (IOException e) {
      throw new ImageException(e.getMessage());
    }
  }
}
