package org.curios.lab.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.curios.lab.session.CallTrace;

/**
 * A fault of an object and its path to a repeated request.
 *
 * @param object what was struck
 * @param struck tick of the fault; -1 if it is not known
 * @param what the fault; empty if it is not known
 * @param detected tick at which the kernel noticed it
 * @param by how it was detected
 * @param recovered tick at which the object was back; -1 if it never was
 * @param resumed tick at which a request continued; -1 if none did
 * @param client whose request that was; empty if none did
 */
public record Story(
    String object,
    long struck,
    String what,
    long detected,
    String by,
    long recovered,
    long resumed,
    String client) {
  /**
   * A fault from outside.
   *
   * @param tick when
   * @param object what was struck
   * @param text what was done
   */
  public record Strike(long tick, String object, String text) {}

  /** Returns the stories of a recording, by the tick of detection. */
  public static List<Story> of(Recording recording, List<Strike> strikes) {
    List<Story> all = new ArrayList<>();
    Map<String, Integer> open = new HashMap<>();
    List<Strike> known = new ArrayList<>(strikes);
    for (Recording.Event e : recording.events()) {
      Integer at = open.get(e.object());
      switch (e.kind()) {
        case "armed" -> known.add(new Strike(e.tick(), e.object(), e.text()));
        case "fault" -> {
          if (at == null || all.get(at).recovered >= 0) {
            open.put(e.object(), all.size());
            all.add(detected(e, known));
          }
        }
        case "recovered" -> {
          if (at != null && all.get(at).recovered < 0) {
            all.set(at, all.get(at).back(e.tick()));
          }
        }
        case "replay", "error" -> {
          if (at != null && all.get(at).resumed < 0) {
            all.set(at, all.get(at).goesOn(e.tick(), e.other()));
          }
        }
        default -> {}
      }
    }
    return all.stream().map(s -> s.withNextCall(recording.calls())).toList();
  }

  /** The last fault from outside that hit this object, or else the last one that hit any. */
  private static Story detected(Recording.Event e, List<Strike> known) {
    Strike best = null;
    for (Strike s : known) {
      if (s.tick <= e.tick()
          && (s.object.equals(e.object()) || best == null || !best.object.equals(e.object()))) {
        best = s;
      }
    }
    known.remove(best);
    return new Story(
        e.object(),
        best == null ? -1 : best.tick,
        best == null ? "" : best.text,
        e.tick(),
        e.text(),
        -1,
        -1,
        "");
  }

  private Story back(long tick) {
    return new Story(object, struck, what, detected, by, tick, resumed, client);
  }

  private Story goesOn(long tick, String whose) {
    return new Story(object, struck, what, detected, by, recovered, tick, whose);
  }

  /** If no request was running, service continues with the next one. */
  private Story withNextCall(List<CallTrace.Call> calls) {
    if (resumed >= 0 || recovered < 0) {
      return this;
    }
    return calls.stream()
        .filter(c -> c.callee().equals(object) && c.tick() >= recovered)
        .findFirst()
        .map(c -> goesOn(c.tick(), c.client()))
        .orElse(this);
  }
}
