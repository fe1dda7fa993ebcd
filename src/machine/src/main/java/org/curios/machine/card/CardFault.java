package org.curios.machine.card;

/** How the transfer of a block fails. */
public enum CardFault {
  /**
   * The sum over the data is wrong: a block that is read arrives damaged, one that is written is
   * refused.
   */
  CRC,
  /** The card does not send the block, or never becomes ready after it has received it. */
  TIMEOUT
}
