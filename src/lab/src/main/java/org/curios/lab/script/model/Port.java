package org.curios.lab.script.model;

import java.util.List;
import java.util.function.IntPredicate;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor.Stop;
import org.curios.machine.Machine;
import org.curios.machine.snapshot.Snapshot;

/** The connection of a script with a machine, its own or that of a shell. */
public interface Port {
  /**
   * A state of a machine that can be restored.
   *
   * @param port where it was taken
   * @param snapshot the machine
   * @param text what it had printed
   * @param typed characters that it had not read yet
   * @param nextCharacter tick at which it gets the next one
   */
  record Saved(
      Port port, Snapshot snapshot, String text, List<Integer> typed, long nextCharacter) {}

  /** Returns the machine, which the calling thread may use. */
  Machine machine();

  /**
   * Runs to a tick, or until something stops it.
   *
   * @throws GuestExit when the guest ends
   */
  Stop run(long untilTick);

  /** Takes a snapshot of the current state. */
  Saved save();

  /**
   * Restores a state of this machine, or of another one with the same size of RAM.
   *
   * @throws ScriptException when that cannot be
   */
  void restore(Saved saved);

  /** Returns what the guest has printed. */
  String text();

  /** Types characters on the guest's console. */
  void type(String characters);

  /** Sets the addresses at which runs stop, besides other reasons to stop. */
  default void stopsAt(IntPredicate addresses) {}

  /** Called when the guest has ended. */
  void ended(GuestExit exit);

  /** Called when the script no longer needs the machine. */
  void release();
}
