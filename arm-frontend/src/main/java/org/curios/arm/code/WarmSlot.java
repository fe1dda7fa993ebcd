package org.curios.arm.code;

import org.curios.arm.core.FetchedCode;
import org.curios.arm.core.TranslationTable;

/** Warm code at a virtual address where it may be entered. */
final class WarmSlot extends FetchedCode {
  final WarmCode code;

  WarmSlot(int pc, TranslationTable table, WarmCode code) {
    super(pc, table);
    this.code = code;
  }
}
