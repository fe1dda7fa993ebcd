package org.curios.lab.script.model;

import java.util.List;

/** An object that scripts can loop over, and that has a length. */
public interface Listed {
  /** Returns the elements for a loop, in order. */
  List<?> items();
}
