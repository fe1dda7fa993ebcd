package org.curios.lab.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.curios.arm.language.GuestCode.Line;
import org.curios.lab.profile.Call.Kind;

/** A tree of calls with the number of samples of each. */
public final class Profile {
  /** A call with the calls that it made, in the order of their names. */
  public static final class Node {
    private final Call call;
    private final Map<String, Node> callees = new TreeMap<>();
    private long samples;

    Node(Call call) {
      this.call = call;
    }

    /** Returns what is called; null for the root of all. */
    public Call call() {
      return call;
    }

    /** Returns the calls seen within it. */
    public List<Node> callees() {
      return List.copyOf(callees.values());
    }

    /** Returns the samples in it and in what it calls. */
    public long samples() {
      return samples;
    }
  }

  /**
   * A function's share.
   *
   * @param call the function
   * @param self samples in itself
   * @param total samples in it and in what it calls, each counted once
   */
  public record Share(Call call, long self, long total) {}

  private final long every;
  private final Node root = new Node(null);
  private final Map<Call, long[]> shares = new LinkedHashMap<>();
  private final Map<Call, Map<Line, Long>> lines = new LinkedHashMap<>();
  private final boolean withIdle;
  private long idle;

  /**
   * Starts a profile.
   *
   * @param every ticks that a sample represents
   * @param withIdle whether samples in which the processor waits are part of it
   */
  Profile(long every, boolean withIdle) {
    this.every = every;
    this.withIdle = withIdle;
  }

  /** Adds a sample: a stack, the outermost call first, and the line it is at, if known. */
  void add(List<Call> stack, Line line) {
    Call last = stack.get(stack.size() - 1);
    if (last.kind() == Kind.IDLE) {
      idle++;
      if (!withIdle) {
        return;
      }
    }
    Node node = root;
    node.samples++;
    Set<Call> seen = new HashSet<>();
    for (Call call : stack) {
      node = node.callees.computeIfAbsent(call.kind() + call.name(), k -> new Node(call));
      node.samples++;
      if (call.kind() != Kind.OBJECT && seen.add(call)) {
        shares.computeIfAbsent(call, c -> new long[2])[1]++;
      }
    }
    if (last.kind() != Kind.OBJECT) {
      shares.get(last)[0]++;
      if (line != null && last.kind() != Kind.IDLE) {
        lines.computeIfAbsent(last, c -> new LinkedHashMap<>()).merge(line, 1L, Long::sum);
      }
    }
  }

  /** Returns the root of all stacks. */
  public Node root() {
    return root;
  }

  /** Returns the ticks that a sample represents. */
  public long every() {
    return every;
  }

  /** Returns the number of samples. */
  public long samples() {
    return root.samples;
  }

  /** Returns whether {@link #samples} has those in which the processor waited. */
  public boolean withIdle() {
    return withIdle;
  }

  /** Returns the samples in which the processor waited. */
  public long idle() {
    return idle;
  }

  /** Returns the functions, those with the most samples in themselves first. */
  public List<Share> shares() {
    List<Share> all = new ArrayList<>();
    shares.forEach((c, n) -> all.add(new Share(c, n[0], n[1])));
    all.sort(
        Comparator.comparingLong((Share s) -> -s.self)
            .thenComparingLong(s -> -s.total)
            .thenComparing(s -> s.call.name()));
    return all;
  }

  /** Returns the function with the most samples, except for waiting; null if there is none. */
  public Call hottest() {
    return shares().stream()
        .map(Share::call)
        .filter(c -> c.kind() != Kind.IDLE)
        .findFirst()
        .orElse(null);
  }

  /** Returns the lines of a function by file and number, with their samples. */
  public Map<Line, Long> lines(Call function) {
    Map<Line, Long> sorted =
        new TreeMap<>(Comparator.comparing(Line::file).thenComparingInt(Line::line));
    sorted.putAll(lines.getOrDefault(function, Map.of()));
    return sorted;
  }

  /** Returns the stacks as lines {@code outer;inner count}, for tools that draw them. */
  public String folded() {
    StringBuilder text = new StringBuilder();
    fold(root, "", text);
    return text.toString();
  }

  private static void fold(Node node, String path, StringBuilder text) {
    long self = node.samples;
    for (Node callee : node.callees.values()) {
      self -= callee.samples;
    }
    if (self > 0 && node.call != null) {
      text.append(path).append(' ').append(self).append('\n');
    }
    for (Node callee : node.callees.values()) {
      fold(callee, path + (path.isEmpty() ? "" : ";") + callee.call.folded(), text);
    }
  }
}
