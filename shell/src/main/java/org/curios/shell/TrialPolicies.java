package org.curios.shell;

import java.util.ArrayList;
import org.curios.lab.trial.Trial;

/** The recovery policies that trials know, for help texts. */
final class TrialPolicies extends ArrayList<String> {
  private static final long serialVersionUID = 1;

  TrialPolicies() {
    super(Trial.policies());
  }
}
