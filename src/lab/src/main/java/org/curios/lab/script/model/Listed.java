package org.curios.lab.script.model;

import java.util.List;

/** A thing that scripts go through with a loop, and that has a length. */
public interface Listed {
  /** Returns what a loop sees, in order. */
  List<?> items();
}
