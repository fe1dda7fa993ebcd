package org.curios.lab.script.model;

/** A function of the script. */
@FunctionalInterface
public interface Callback {
  /** Calls it, and returns the result of the script's function. */
  Object call(Object... arguments);
}
