package org.curios.machine.card;

/** How the transfer of a block fails. */
public enum CardFault {
  /**
   * The checksum of the data is wrong: a block that is read arrives damaged, one that is written is
   * rejected.
   */
  CRC,
  /** The card does not send the block, or never becomes ready after it has received it. */
  TIMEOUT
}
