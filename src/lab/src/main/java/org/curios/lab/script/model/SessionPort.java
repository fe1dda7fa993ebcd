package org.curios.lab.script.model;

import java.util.List;
import java.util.function.IntPredicate;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor.Stop;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.machine.Machine;

/**
 * The machine of a shell, for a script that runs on the machine's thread: the script's changes
 * become part of its past.
 */
public final class SessionPort implements Port {
  private static final int LINES = 1000;

  private final Session session;
  private final Machine machine;
  private final GuestConsole console;

  /** Creates one; within {@link Session#call}. */
  public SessionPort(Session session, Machine machine, GuestConsole console) {
    this.session = session;
    this.machine = machine;
    this.console = console;
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public Stop run(long untilTick) {
    return session.history().run(untilTick);
  }

  @Override
  public Saved save() {
    return new Saved(this, machine.snapshot(), text(), List.of(), 0);
  }

  @Override
  public void restore(Saved saved) {
    if (saved.port() != this) {
      throw ScriptException.usage(
          "the machine of the shell goes to snapshots of its own only; this one is of another");
    }
    session.history().restore(saved.snapshot());
  }

  /** Returns the last lines only, and those of other futures too. */
  @Override
  public String text() {
    return String.join("\n", console.last(LINES)) + "\n";
  }

  @Override
  public void type(String characters) {
    console.type(characters);
  }

  @Override
  public void ended(GuestExit exit) {
    session.ended(exit.status());
  }

  /** Observers of the shell's machine stay, even at the same addresses. */
  @Override
  public void stopsAt(IntPredicate addresses) {
    session.history().points().alsoStopAt(addresses);
  }

  /** The shell continues to use it. */
  @Override
  public void release() {
    session.history().points().alsoStopAt(address -> false);
  }
}
