package org.curios.arm.bus;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A part of the machine whose state belongs to a snapshot. */
public interface Stateful {
  /** Writes the whole state. */
  void save(DataOutput out) throws IOException;

  /** Reads the state that {@link #save} wrote, in place. */
  void restore(DataInput in) throws IOException;
}
