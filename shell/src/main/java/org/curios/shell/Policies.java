package org.curios.shell;

import java.util.ArrayList;
import org.curios.lab.guest.Boot;

/** The recovery policies, for help texts. */
final class Policies extends ArrayList<String> {
  private static final long serialVersionUID = 1;

  Policies() {
    super(Boot.policies());
  }
}
