package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.Transcripts;

/** Trials from one moment: a fault each, compared with the run without one. */
@ScriptName(
    value = "Trials",
    doc = "Trials from one moment, each compared with the undisturbed run.")
public final class Trials implements AutoCloseable {
  /** Part of the length by which the undisturbed run is longer than the others. */
  private static final int AHEAD = 4;

  private final ScriptSnapshot start;
  private final ScriptMachine worker;
  private final long limit;
  private final Map<String, List<String>> undisturbed;
  private final String end;
  private final Integer status;
  private final long length;

  Trials(ScriptMachine machine, double ms) {
    if (!(ms > 0 && ms <= 1e7)) {
      throw ScriptException.usage("give ms above 0, not " + ms);
    }
    start = machine.snapshot();
    if (start.status() != null) {
      throw ScriptException.guest("the guest has ended already");
    }
    limit = start.ticks() + Math.round(ms * VirtualClock.HZ / 1e3);
    worker = machine.workbench().fork(machine, start.saved());
    end = worker.runTo(limit);
    status = worker.status();
    length = worker.ticks() - start.ticks();
    if (end.equals("ticks")) {
      // A disturbed client may be ahead of its time; what it prints then is looked for here.
      worker.runTo(limit + (limit - start.ticks()) / AHEAD);
    }
    undisturbed = Transcripts.byClient(worker.port().text());
    if (!end.equals("ticks") && !(end.equals("ended") && status == 0)) {
      worker.close();
      throw ScriptException.guest(
          "the undisturbed run does not go well: it is " + end + ", status " + status);
    }
  }

  /** Returns the length of the undisturbed run. */
  @Property("Ticks of the undisturbed run.")
  public long ticks() {
    return length;
  }

  /** Returns what the undisturbed run printed. */
  @Property("The lines of each client in the undisturbed run.")
  public Map<String, ?> transcripts() {
    return undisturbed;
  }

  /** Makes a trial. */
  @Operation(
      "Calls a function with a machine at the start of the trials, to run it to where it likes and"
          + " inject a fault, runs it to the end, and gives back the Outcome.")
  public Outcome measure(@Arg("function") Callback function) {
    worker.restore(start);
    List<Event> events = new ArrayList<>();
    String last;
    long injected;
    Subscription all = worker.on("*", e -> events.add((Event) e[0]));
    try {
      function.call(worker);
      injected = worker.ticks();
      last = worker.status() != null ? "ended" : worker.runTo(limit);
    } finally {
      all.close();
    }
    boolean whole = end.equals("ended");
    Map<String, List<String>> seen = Transcripts.byClient(worker.port().text());
    List<String> differing = Transcripts.differing(undisturbed, seen, whole);
    return Outcome.of(
        last, whole, worker.status(), events, injected, differing, seen, worker.port().text());
  }

  /** Gives the machine of the trials back. */
  @Override
  @Operation("Ends the trials; a with block does it by itself.")
  public void close() {
    worker.close();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "<trials from tick %,d, %,d ticks>", start.ticks(), length);
  }
}
