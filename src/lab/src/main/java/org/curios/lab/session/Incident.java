package org.curios.lab.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Program;
import org.curios.lab.session.EventLog.Event;

/**
 * The story of one fault of a service: the request that was hit, the detection of the fault, the
 * recovery, and the effect on each client. Filled on the machine's thread as things happen.
 */
public final class Incident {
  private static final int BOTTOM_OF_LIST = -1;

  /**
   * The effect on a client.
   *
   * @param client its name
   * @param what what it notices
   * @param state the fate of its state in the service; empty if it has none
   */
  public record Effect(String client, String what, String state) {}

  /** A client's state when the fault was detected. */
  private record Before(int address, byte[] content) {}

  private final String service;
  private final Map<String, List<Before>> states = new LinkedHashMap<>();
  private final Map<String, String> stateNow = new LinkedHashMap<>();
  private final Map<String, String> notices = new LinkedHashMap<>();
  private final Set<String> quarantined = new LinkedHashSet<>();

  private String crash = "";
  private String client = "";
  private String method = "";
  private long struckAt = -1;
  private long detectedAt = -1;
  private String detectedBy = "";
  private int address;
  private int pc;
  private String place = "";
  private int attempts;
  private long recoveredAt = -1;
  private long recoveredNanos;
  private int restart;
  private int mended;
  private boolean ownThread;
  private boolean failed;
  private boolean complete;
  private int resultAt = BOTTOM_OF_LIST;
  private int resultFrame;

  Incident(String service) {
    this.service = service;
  }

  // ---- how it continues

  void armed(View v, Event e) {
    crash = v.words().crash(e.a());
    struckAt = e.tick();
    Struct thread = v.threadOfObject(e.b());
    if (thread != null) {
      noteRequest(v, thread, (int) thread.get("frame"));
    }
  }

  /** The request that a thread makes from an activation. */
  private void noteRequest(View v, Struct thread, int callerFrame) {
    client = v.path(thread).get(0);
    Struct frame = v.structure("Frame", callerFrame);
    method = v.methodName(v.object(service), (int) frame.get("r", 12) >>> 24);
  }

  void fault(View v, Event e, Program program) {
    attempts++;
    if (attempts > 1) {
      return;
    }
    detectedAt = e.tick();
    detectedBy = v.words().name(Kind.FAULT, e.a());
    address = e.b();
    Struct thread = faulting(v, v.object(service));
    if (thread == null) {
      return;
    }
    List<Struct> path = v.activations(thread);
    Struct frame = path.get(path.size() - 1);
    pc = (int) frame.get("pc");
    place = program.describe(pc);
    ownThread = path.size() == 1;
    if (!ownThread) {
      noteRequest(v, thread, path.get(path.size() - 2).address());
    }
    Obj o = v.object(service);
    for (Struct s : v.states().of(o)) {
      states
          .computeIfAbsent(v.nameOf((int) s.get("owner")), n -> new ArrayList<>())
          .add(new Before(s.address(), v.states().content(s)));
    }
    for (Struct t : v.threads()) {
      if (t.address() != thread.address() && isIn(v, t, o) && state(v, t).equals("waiting")) {
        notices.put(v.path(t).get(0), "its request waited inside and starts again");
      }
    }
  }

  /**
   * The thread that faults; none runs when one faults that returns from a wait of an idle system.
   */
  private static Struct faulting(View v, Obj o) {
    Struct running = v.currentThread();
    return running != null
        ? running
        : v.threads().stream()
            .filter(t -> isIn(v, t, o) && state(v, t).equals("ready"))
            .findFirst()
            .orElse(null);
  }

  private static boolean isIn(View v, Struct thread, Obj o) {
    return v.structure("Frame", thread.get("frame")).get("object") == o.struct().address();
  }

  private static String state(View v, Struct thread) {
    return v.words().name(Kind.THREAD, thread.get("state"));
  }

  void mended(Event e) {
    mended += e.a();
  }

  void quarantine(View v, Event e) {
    quarantined.add(v.nameOf(e.a()));
  }

  void recovered(View v, Event e) {
    if (recoveredAt >= 0) {
      return;
    }
    recoveredAt = e.tick();
    recoveredNanos = e.nanos();
    restart = e.b();
    Obj o = v.object(service);
    for (Struct t : v.threads()) {
      boolean waits =
          state(v, t).equals("queued") && (int) t.get("queued_for") == o.struct().address();
      if (waits) {
        notices.putIfAbsent(v.path(t).get(0), "waited while it recovered");
      }
    }
    noteStates(v);
    complete |= ownThread;
  }

  private void noteStates(View v) {
    states.forEach((owner, before) -> {
      String worst = "";
      for (Before b : before) {
        Struct s = v.states().at(b.address);
        String now =
            s == null
                ? "gone"
                : switch (v.words().name(Kind.MODE, s.get("mode"))) {
                  case "quarantined" -> "quarantined";
                  case "lost" -> "lost";
                  default ->
                      Arrays.equals(b.content, v.states().content(s)) ? "unchanged" : "CHANGED";
                };
        worst = worst.isEmpty() || worst.equals("unchanged") ? now : worst;
      }
      stateNow.put(owner, worst);
    });
  }

  /** The request is repeated, and may have its activation: its caller's will have the result. */
  void replay(View v, Event e) {
    Struct thread = v.threadOfObject(e.a());
    resultFrame = thread == null ? 0 : (int) thread.get("frame");
    if (thread != null && isIn(v, thread, v.object(service))) {
      resultFrame -= v.size("Frame");
    }
    resultAt = (int) v.structure("Frame", resultFrame).get("pc");
    notices.put(v.nameOf(e.a()), "its " + method + " is repeated");
  }

  int resultAt() {
    return resultAt;
  }

  int resultFrame() {
    return resultFrame;
  }

  void result(View v, int value) {
    notices.put(client, "its " + method + " is repeated and returns " + v.words().result(value));
    complete = true;
  }

  void error(View v, Event e) {
    String who = v.nameOf(e.a());
    notices.put(who, "its request returns " + v.words().result(e.b()));
    complete |= recoveredAt >= 0 && who.equals(client);
  }

  void failed(View v) {
    failed = true;
    noteStates(v);
  }

  /** The consequences of giving up a service are known. */
  void close() {
    complete = true;
  }

  // ---- what it says

  /** Returns the service. */
  public String service() {
    return service;
  }

  /** Returns whether everything is known: the last request of the story has its result. */
  public boolean isComplete() {
    return complete;
  }

  /** Returns whether the service has recovered or was given up. */
  public boolean isOver() {
    return recoveredAt >= 0 || failed;
  }

  /** Returns whether the service was given up. */
  public boolean isFailed() {
    return failed;
  }

  /** Returns the way in which it was crashed from outside; empty if it was not. */
  public String crash() {
    return crash;
  }

  /** Returns the client whose request was struck; empty if it was the service's own thread. */
  public String client() {
    return client;
  }

  /** Returns the method that was struck; empty if it was the service's own thread. */
  public String method() {
    return method;
  }

  /** Returns the tick at which an armed crash met its request; -1 for none. */
  public long struckAt() {
    return struckAt;
  }

  /** Returns the tick at which the fault was detected; -1 if it was not. */
  public long detectedAt() {
    return detectedAt;
  }

  /** Returns how the fault was detected. */
  public String detectedBy() {
    return detectedBy;
  }

  /** Returns the address that the kernel has with the fault. */
  public int address() {
    return address;
  }

  /** Returns the address of the instruction at which the fault was detected. */
  public int pc() {
    return pc;
  }

  /** Returns a description of that place. */
  public String place() {
    return place;
  }

  /** Returns the number of its faults, including those of the repeated request. */
  public int faults() {
    return attempts;
  }

  /** Returns the tick at which recovery had ended; -1 if it has not. */
  public long recoveredAt() {
    return recoveredAt;
  }

  /** Returns {@link System#nanoTime} at the end of recovery. */
  public long recoveredNanos() {
    return recoveredNanos;
  }

  /** Returns the number of restarts of the service. */
  public int restart() {
    return restart;
  }

  /** Returns the number of code words that were restored. */
  public int mendedWords() {
    return mended;
  }

  /** Returns the clients whose states were quarantined. */
  public Set<String> quarantined() {
    return quarantined;
  }

  /** Returns the number of states that the service kept when it faulted. */
  public int states() {
    return states.values().stream().mapToInt(List::size).sum();
  }

  /** Returns the number of clients whose states the recovery has lost. */
  public int lost() {
    return (int) stateNow.values().stream().filter("lost"::equals).count();
  }

  /** Returns the fate of every client of the service, the one that was struck first. */
  public List<Effect> effects() {
    Set<String> all = new LinkedHashSet<>();
    if (!client.isEmpty()) {
      all.add(client);
    }
    all.addAll(notices.keySet());
    all.addAll(states.keySet());
    List<Effect> effects = new ArrayList<>();
    for (String name : all) {
      String state = stateNow.getOrDefault(name, "");
      String otherwise =
          failed
              ? "its calls return DEAD from now on"
              : switch (state) {
                case "lost" -> "its next call returns LOST";
                case "quarantined" -> "its next call returns QUARANTINED";
                default -> "does not notice";
              };
      effects.add(new Effect(name, notices.getOrDefault(name, otherwise), state));
    }
    return effects;
  }
}
