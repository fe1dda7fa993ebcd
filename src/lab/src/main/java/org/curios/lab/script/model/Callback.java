package org.curios.lab.script.model;

/** A function of the script. */
@FunctionalInterface
public interface Callback {
  /** Calls it; the result is what the script's function has returned. */
  Object call(Object... arguments);
}
