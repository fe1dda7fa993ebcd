package org.curios.tests;

import org.curios.tests.differential.Ours;

/** The same for machine code: its links, and its table of code by address. */
class HostLinksTest extends WarmLinksTest {
  @Override
  Ours.Mode mode() {
    return Ours.Mode.HOST_CODE;
  }
}
