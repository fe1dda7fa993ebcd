package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.Names;
import org.curios.lab.trial.Observation.Happening;
import org.curios.lab.trial.Outcome.Difference;
import org.curios.lab.trial.Outcome.Word;

/** Makes trials on a machine of its own: one fault each, compared with the undisturbed run. */
public final class Trial implements AutoCloseable {
  /** Ticks after the end of the undisturbed run by which every client must have done its work. */
  private static final long PATIENCE = 60_000_000;

  /** Ticks without one of the kernel's own clock after which it is lost: 20 milliseconds. */
  private static final long CLOCK_STOPPED = 4_000_000;

  private static final long STEP = 50_000;

  private final Baseline baseline;
  private final Bench bench;
  private String struck = "";

  /** Makes a machine for trials against an undisturbed run. */
  public Trial(Baseline baseline) {
    this.baseline = baseline;
    bench = new Bench(baseline.policy(), baseline.workload(), false);
  }

  /**
   * A fault and its outcome.
   *
   * @param fault what was done
   * @param outcome what came of it
   */
  public record Result(Fault fault, Outcome outcome) {}

  /**
   * The way from a fault to the end of the first recovery.
   *
   * @param fault what the kernel noticed first, of {@link Names#FAULTS}
   * @param detected tick at which the kernel noticed it; -1 if it did not
   * @param recovered tick at which the service was back; -1 if it did not come back
   */
  public record Times(String fault, long detected, long recovered) {
    /** Returns the instructions from the one to the other; -1 if there was no recovery. */
    public long instructions() {
      return recovered < 0 ? -1 : recovered - detected;
    }
  }

  /** Makes a trial with a given fault, and notes when it was detected and recovered from. */
  public Timed time(Fault fault) {
    bench.watch(true);
    try {
      Result result = run(fault);
      String first = fault(0);
      long detected = -1;
      long recovered = -1;
      for (Happening e : bench.watched()) {
        if (detected < 0 && e.kind().equals("fault")) {
          detected = e.tick();
          first = fault(e.a());
        } else if (detected >= 0 && recovered < 0 && e.kind().equals("recovered")) {
          recovered = e.tick();
        }
      }
      return new Timed(result, new Times(first, detected, recovered));
    } finally {
      bench.watch(false);
    }
  }

  /**
   * A trial and its times.
   *
   * @param result what came of it
   * @param times of the first detection
   */
  public record Timed(Result result, Times times) {}

  /**
   * Makes a trial with a given fault.
   *
   * @throws LabException when the fault strikes where nothing is
   */
  public Result run(Fault fault) {
    return run(fault.tick(), v -> fault);
  }

  /**
   * Makes a trial.
   *
   * @param tick of the fault
   * @param choice chooses the fault when the machine is at the tick
   * @return null if there is nothing to strike at the tick
   */
  public Result run(long tick, Function<View, Fault> choice) {
    Bench.Moment from = baseline.floor(tick);
    if (from == null || tick >= baseline.ticks()) {
      throw new LabException(
          "tick %d: the workload runs from tick %d to %d"
              .formatted(tick, baseline.start(), baseline.ticks()));
    }
    bench.restore(from, baseline.printed());
    bench.run(tick);
    View v = bench.view();
    Fault fault = choice.apply(v);
    if (fault == null) {
      return null;
    }
    struck = struck(v, fault);
    long events = v.eventCount();
    Injector.strike(v, fault);
    try {
      return new Result(fault, watch(v, events));
    } catch (LabException e) { // a fault of the kernel has destroyed what the laboratory reads
      return new Result(fault, lost("the kernel's structures (" + e.getMessage() + ")"));
    }
  }

  private static String struck(View v, Fault fault) {
    if (fault.kind() == FaultClass.SSR) {
      return fault.place().replaceFirst("#.*", "");
    }
    Obj running = fault.kind().isKernel() ? null : Injector.running(v);
    return running == null ? "" : Injector.client(v).name();
  }

  /** Runs on until the outcome is known. */
  private Outcome watch(View v, long eventsBefore) {
    List<Happening> events = new ArrayList<>();
    long seen = eventsBefore;
    boolean mayMeet = true;
    int clock = bench.word("now_ms");
    long clockAt = bench.now();
    while (true) {
      Bench.Moment next = baseline.higher(bench.now());
      bench.run(next == null ? bench.now() + STEP : next.tick());
      long count = v.eventCount();
      if (count != seen) {
        events.addAll(Observation.happenings(v, seen));
        seen = count;
      }
      if (bench.word("now_ms") != clock) {
        clock = bench.word("now_ms");
        clockAt = bench.now();
      }
      if (bench.isOver() && !bench.isDone()
          || bench.now() > baseline.ticks() + PATIENCE
          || bench.now() - clockAt > CLOCK_STOPPED) {
        return lost(events, bench.now() - clockAt > CLOCK_STOPPED);
      }
      if (mayMeet && next != null && !bench.isOver()) {
        mayMeet = events.isEmpty();
        if (mayMeet && bench.isAt(next)) {
          return met(next);
        }
      }
      if (bench.isDone()) {
        return judge(Observation.of(bench), events);
      }
    }
  }

  private Outcome lost(String what) {
    return new Outcome(
        Word.SYSTEM_LOST,
        false,
        "",
        Map.of(),
        struck,
        List.of(new Difference("system", "the workload", "its end", what, false)),
        bench.now());
  }

  private Outcome lost(List<Happening> events, boolean clockStopped) {
    String by = detectedBy(events);
    String what;
    if (bench.status() != null) {
      what = "status " + bench.status();
    } else if (bench.isOver()) {
      what = "exceptions without end";
    } else if (clockStopped) {
      what = "a stopped clock";
    } else {
      what = "no end of " + bench.clients().working();
    }
    List<Difference> differences = new ArrayList<>();
    differences.add(new Difference("system", "the workload", "its end", what, false));
    Observation seen =
        new Observation(
            bench.clients().records(), ConsoleText.of(bench.printed()), Map.of(), List.of());
    differences.addAll(differences(seen, events, new TreeSet<>(), false));
    return new Outcome(
        Word.SYSTEM_LOST, !by.isEmpty(), by, Map.of(), struck, differences, bench.now());
  }

  /** From here on all is as in the undisturbed run; so was what clients saw, but for the UART. */
  private Outcome met(Bench.Moment moment) {
    byte[] undisturbed = baseline.printed();
    byte[] printed = bench.printed();
    if (Arrays.equals(printed, 0, printed.length, undisturbed, 0, moment.printed())) {
      return new Outcome(Word.UNNOTICED, false, "", Map.of(), struck, List.of(), bench.now());
    }
    byte[] all = Arrays.copyOf(printed, printed.length + undisturbed.length - moment.printed());
    System.arraycopy(
        undisturbed, moment.printed(), all, printed.length, undisturbed.length - moment.printed());
    Observation end = baseline.end();
    return judge(
        new Observation(end.records(), ConsoleText.of(all), end.states(), List.of()), List.of());
  }

  /** The first difference of each client; who was told of an error is added to a set. */
  private List<Difference> differences(
      Observation seen, List<Happening> events, Set<String> told, boolean whole) {
    Observation expected = baseline.end();
    List<Difference> differences = new ArrayList<>();
    for (Happening e : events) {
      if (e.kind().equals("ended") && e.a() != 0) {
        told.add(e.object());
        differences.add(new Difference(e.object(), "its run", "its end", fault(e.a()), true));
      }
    }
    expected
        .records()
        .forEach((client, records) -> {
          Difference d =
              told.contains(client)
                  ? null
                  : Comparison.first(
                      client,
                      records,
                      seen.records().getOrDefault(client, ClientRecords.NONE),
                      whole,
                      bench.clients()::call);
          if (d != null) {
            differences.add(d);
            if (d.told()) {
              told.add(client);
            }
          }
        });
    differences.addAll(Comparison.text(expected.text(), seen.text(), told, whole));
    return differences;
  }

  private Outcome judge(Observation seen, List<Happening> events) {
    TreeSet<String> told = new TreeSet<>();
    List<Difference> differences = differences(seen, events, told, true);
    String by = detectedBy(events);
    Word word;
    if (events.stream().anyMatch(e -> e.kind().equals("failed"))) {
      word = Word.SERVICE_LOST;
    } else if (differences.isEmpty()) {
      word = by.isEmpty() ? Word.UNNOTICED : Word.RECOVERED;
    } else {
      word = differences.stream().allMatch(Difference::told) ? Word.DEGRADED : Word.SILENT;
    }
    told.add(struck);
    return new Outcome(
        word,
        !by.isEmpty(),
        by,
        Comparison.foreign(baseline, seen.states(), told),
        struck,
        differences,
        bench.now());
  }

  /** What the kernel noticed first: the first event of a kind that the undisturbed run has not. */
  private String detectedBy(List<Happening> events) {
    for (Happening e : events) {
      boolean usual =
          e.kind().equals("armed")
              || e.kind().equals("ended") && e.a() == 0
              || baseline.end().events().stream().anyMatch(b -> b.kind().equals(e.kind()));
      if (!usual) {
        return (e.kind().equals("fault") ? fault(e.a()) : e.kind()) + " in " + e.object();
      }
    }
    return "";
  }

  private static String fault(int number) {
    return Names.of(Names.FAULTS, number);
  }

  @Override
  public void close() {
    bench.close();
  }
}
