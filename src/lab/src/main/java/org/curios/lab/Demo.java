package org.curios.lab;

import java.util.List;
import java.util.Map;
import org.curios.arm.run.Executor.Stop;

/**
 * The demonstration: the ten-client workload runs once undisturbed, and then once for every service
 * and every kind of crash; what the clients print must be the same.
 */
public final class Demo {
  /** The services that the workload uses. */
  public static final List<String> SERVICES =
      List.of("names", "console", "timer", "sched", "store");

  private static final int FAULT_EVENT = 2;
  private static final int RECOVERED_EVENT = 3;
  private static final int FAILED_EVENT = 4;

  /** Ticks by which all clients work; names is crashed at boot, while it is still asked. */
  private static final long AT_WORK = 1_500_000;

  private static final long LIMIT = 400_000_000;

  /**
   * What a crash has led to.
   *
   * @param service what was crashed
   * @param crash how
   * @param detected by what the kernel found it; nothing if it was never called
   * @param instructions from detection to the end of recovery; -1 if there was none
   * @param microseconds the same in virtual time
   * @param differing clients whose transcript is not the undisturbed one
   * @param ended whether the workload came to its end
   */
  public record Outcome(
      String service,
      String crash,
      String detected,
      long instructions,
      double microseconds,
      List<String> differing,
      boolean ended) {
    /** Returns whether nobody has noticed anything. */
    public boolean good() {
      return ended && differing.isEmpty() && !detected.equals(Names.FAULTS.get(0));
    }
  }

  private final String policy;
  private final Map<String, List<String>> undisturbed;

  /** Runs the workload undisturbed. */
  public Demo(String policy) {
    this.policy = policy;
    try (Trial trial = boot()) {
      trial.run(LIMIT);
      if (trial.status() == null || trial.status() != 0) {
        throw new LabException("the undisturbed run did not come to its end");
      }
      undisturbed = trial.transcripts();
    }
  }

  private Trial boot() {
    return new Trial("policy=" + policy + " run=mixed");
  }

  /** Returns the clients of the workload. */
  public List<String> clients() {
    return List.copyOf(undisturbed.keySet());
  }

  /** Runs the workload and crashes a service once. */
  public Outcome crash(String service, String crash) {
    try (Trial trial = boot()) {
      if (service.equals("names")) {
        trial.boot();
      } else {
        trial.run(AT_WORK);
      }
      Guest.View view = trial.view();
      long before = view.eventCount();
      view.arm(view.object(service), Names.CRASHES.indexOf(crash) + 1);
      int event = trial.symbol("event");
      trial.machine().cpu().code.setBreakpoint(event, true);
      long detected = -1;
      long recovered = -1;
      for (Stop stop = trial.run(LIMIT); stop == Stop.BREAKPOINT; stop = trial.run(LIMIT)) {
        int kind = trial.machine().cpu().register(0);
        long now = trial.machine().cpu().now();
        if (kind == FAULT_EVENT && detected < 0) {
          detected = now;
        } else if (kind == RECOVERED_EVENT && recovered < 0) {
          recovered = now;
        } else if (kind == FAILED_EVENT) {
          break;
        }
        if (recovered >= 0) {
          trial.machine().cpu().code.setBreakpoint(event, false);
        }
      }
      trial.machine().cpu().code.setBreakpoint(event, false);
      if (trial.status() == null) {
        trial.run(LIMIT);
      }
      int fault = 0;
      for (Guest.Struct e : trial.view().eventsSince(before)) {
        if (e.get("kind") == FAULT_EVENT && fault == 0) {
          fault = (int) e.get("a");
        }
      }
      return new Outcome(
          service,
          crash,
          Names.of(Names.FAULTS, fault),
          recovered < 0 ? -1 : recovered - detected,
          recovered < 0 ? -1 : (recovered - detected) / 200.0,
          Transcripts.differing(undisturbed, trial.transcripts(), true),
          trial.status() != null && trial.status() == 0);
    }
  }
}
