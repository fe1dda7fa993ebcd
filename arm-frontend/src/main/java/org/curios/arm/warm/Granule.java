package org.curios.arm.warm;

import java.util.BitSet;
import org.curios.arm.bus.Bus;

/** A granule with warm code: which of its blocks are warm, and whether it is being translated. */
final class Granule {
  final int number;

  /** Blocks that have been requested. */
  final BitSet warm = new BitSet(Bus.GRANULE);

  /** Whether it is translated; the blocks were requested since, or are entered already. */
  boolean isTranslated;

  /** Whether it waits to be translated, or is being translated. */
  boolean waits;

  boolean isWorkedOn;

  /** Whether to translate it again after that, if a block was requested meanwhile. */
  boolean again;

  /** Whether it is in any case: a block has compiled code now. */
  boolean isRelinked;

  /** Requests since it was translated: the hottest granule is translated first. */
  int heat;

  /** Places from here on are not translated: all code together would be too long for the host. */
  int limit = Bus.GRANULE;

  /** How often its translation was dropped, up to a limit. */
  int drops;

  /** Requests to ignore: code that changes often is not worth translating. */
  int ignored;

  /** Whether the stack's granule had the same entry when a block was last requested. */
  boolean isUsual;

  Granule(int number) {
    this.number = number;
  }
}
