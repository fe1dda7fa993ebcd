package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Guest;
import org.curios.lab.trial.ClientDifferences;
import org.curios.lab.trial.ClientRecords;
import org.curios.lab.trial.Outcome.Difference;
import org.curios.lab.trial.ServiceCall;
import org.curios.lab.trial.Transcripts;

/** Trials from one moment: a fault each, compared with the run without one. */
@ScriptName(
    value = "Trials",
    doc = "Trials from one state, each compared with the undisturbed run.")
public final class Trials implements AutoCloseable {
  /** Fraction by which the undisturbed run is longer than the others. */
  private static final int AHEAD = 4;

  /** Ticks in which no client makes more requests than it has room for records. */
  private static final long KEEP = 200_000;

  private final ScriptSnapshot start;
  private final ScriptMachine worker;
  private final long limit;
  private final Map<String, List<String>> undisturbed;
  private final Map<String, ClientRecords> records = new TreeMap<>();
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
    end = runAndKeep(limit);
    status = worker.status();
    length = worker.ticks() - start.ticks();
    if (end.equals("ticks")) {
      // A disturbed client may run ahead; its output is then looked up here.
      runAndKeep(limit + (limit - start.ticks()) / AHEAD);
    }
    undisturbed = Transcripts.byClient(worker.port().text());
    if (!end.equals("ticks") && !(end.equals("ended") && status == 0)) {
      worker.close();
      throw ScriptException.guest(
          "the undisturbed run does not go well: it is " + end + ", status " + status);
    }
  }

  /**
   * Runs the undisturbed machine, and collects all records of its clients, which store only the
   * last ones.
   */
  private String runAndKeep(long tick) {
    String stop = "ticks";
    while (stop.equals("ticks") && worker.ticks() < tick) {
      stop = worker.runTo(Math.min(tick, worker.ticks() + KEEP));
      clients(worker)
          .forEach((name, client) -> {
            ClientRecords known = records.getOrDefault(name, ClientRecords.NONE);
            records.put(name, known.with(ClientRecords.read(worker.view(), client, known.count())));
          });
    }
    return stop;
  }

  private static Map<String, Guest.Obj> clients(ScriptMachine machine) {
    Map<String, Guest.Obj> clients = new TreeMap<>();
    if (machine.isCurios()) {
      machine.view().objects().stream()
          .filter(o -> !o.isService())
          .forEach(o -> clients.put(o.name(), o));
    }
    return clients;
  }

  /** The first record of each client that differs from the undisturbed run. */
  private List<Difference> differences(boolean whole) {
    List<Difference> all = new ArrayList<>();
    clients(worker)
        .forEach((name, client) -> {
          Difference d =
              ClientDifferences.first(
                  name,
                  records.getOrDefault(name, ClientRecords.NONE),
                  ClientRecords.read(worker.view(), client),
                  whole,
                  call -> new ServiceCall(worker.view().nameOf(call >>> 8), ""),
                  worker.view().words());
          if (d != null) {
            all.add(d);
          }
        });
    return all;
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
  @ScriptMethod(
      "Calls a function with a machine at the start of the trials; the function may run it and inject a fault. Then runs it to the end and returns the Outcome.")
  public ScriptOutcome measure(@Arg("function") Callback function) {
    worker.restore(start);
    List<Event> events = new ArrayList<>();
    String last;
    long injected;
    worker.takeChange();
    Subscription all = worker.on("*", e -> events.add((Event) e[0]));
    try {
      function.call(worker);
      long changed = worker.takeChange();
      injected = changed < 0 ? worker.ticks() : changed;
      last = worker.status() != null ? "ended" : worker.runTo(limit);
    } finally {
      all.close();
    }
    boolean whole = end.equals("ended");
    Map<String, List<String>> seen = Transcripts.byClient(worker.port().text());
    return ScriptOutcome.of(
        worker.view().words(),
        last,
        whole,
        worker.status(),
        events,
        injected,
        Transcripts.differing(undisturbed, seen, whole),
        differences(whole));
  }

  /** Releases the machine of the trials. */
  @Override
  @ScriptMethod("Ends the trials; a with block does so at its end.")
  public void close() {
    worker.close();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "<trials from tick %,d, %,d ticks>", start.ticks(), length);
  }
}
