package org.curios.lab.trial;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.View;

/**
 * The policy {@code snapshot}, after EROS (SOSP 1999, section 3.5): the whole system is saved
 * periodically, in several generations; when a service is given up or the kernel ends, the system
 * returns to the newest generation that passes a consistency check. Output that was sent stays
 * sent, and input received since then is lost: the system repeats what it had done.
 *
 * <p>The guest runs with the policy {@code none}; the machine does the saving, so that its cost in
 * instructions is nothing and its memory is that of the machine.
 */
final class Generations {
  /** The word of the policy. */
  static final String POLICY = "snapshot";

  /** Ticks between two generations: 2 virtual milliseconds. */
  static final long INTERVAL = 400_000;

  private static final int KEPT = 4;
  private static final int MOST_RETURNS = 8;

  private final Bench bench;
  private final Deque<Bench.Moment> kept = new ArrayDeque<>();
  private long due;
  private int returns;

  /** Starts at a moment of the undisturbed run, with its generations up to there. */
  Generations(Bench bench, Baseline baseline) {
    this.bench = bench;
    long now = bench.now();
    for (long tick = now / INTERVAL * INTERVAL; kept.size() < KEPT; tick -= INTERVAL) {
      kept.addLast(baseline.floor(Math.max(tick, baseline.start())));
      if (tick <= baseline.start()) {
        break;
      }
    }
    due = (now / INTERVAL + 1) * INTERVAL;
  }

  /** Returns the policies of trials: those of the kernel, and this one. */
  static List<String> policies() {
    List<String> all = new ArrayList<>(Boot.policies());
    all.add(POLICY);
    return all;
  }

  /** Returns the word of the policy that the kernel runs with. */
  static String ofKernel(String policy) {
    return policy.equals(POLICY) ? "none" : policy;
  }

  /** Returns how often the system has gone back. */
  int returns() {
    return returns;
  }

  /** Saves a generation if one is due and the system is consistent. */
  void save() {
    if (bench.isOver() || bench.now() < due) {
      return;
    }
    due = (bench.now() / INTERVAL + 1) * INTERVAL;
    if (isConsistent(bench.view())) {
      kept.addFirst(bench.moment());
      if (kept.size() > KEPT) {
        kept.removeLast();
      }
    }
  }

  /**
   * Returns to the newest generation, which is then removed: the next return goes to the one
   * before.
   *
   * @return false when there is none left
   */
  boolean goBack() {
    if (kept.isEmpty() || returns == MOST_RETURNS) {
      return false;
    }
    returns++;
    bench.goBack(kept.removeFirst());
    due = (bench.now() / INTERVAL + 1) * INTERVAL;
    return true;
  }

  /** Returns whether no service is given up, and each state begins with its service's tag. */
  private static boolean isConsistent(View v) {
    return v.objects().stream()
        .allMatch(o ->
            !v.words().name(Kind.OBJECT, o.struct().get("state")).equals("failed")
                && v.states().of(o).stream()
                    .allMatch(s -> hasTag(v.states().content(s), (int) o.descriptor().get("tag"))));
  }

  /** A fault may have changed the length of a state. */
  private static boolean hasTag(byte[] state, int tag) {
    return state.length >= Integer.BYTES
        && ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getInt() == tag;
  }

  /**
   * Returns the output without repetitions, if what remains is exactly the output of the
   * undisturbed run; otherwise the output unchanged.
   */
  static ConsoleText withoutRepetition(ConsoleText seen, ConsoleText expected) {
    Map<String, List<String>> lines = new TreeMap<>();
    seen.lines()
        .forEach((client, got) -> {
          List<String> wanted = expected.lines().getOrDefault(client, List.of());
          boolean same =
              got.size() > wanted.size() && got.containsAll(wanted) && wanted.containsAll(got);
          lines.put(client, same ? new ArrayList<>(wanted) : got);
        });
    boolean all = lines.equals(expected.lines());
    return new ConsoleText(lines, seen.echo(), all ? expected.ends() : seen.ends());
  }
}
