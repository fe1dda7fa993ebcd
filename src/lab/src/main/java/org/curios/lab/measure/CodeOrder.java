package org.curios.lab.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * An order for the functions of a large service. The kernel checks the granules (1 KiB) of code
 * that have run, so functions that run together should lie together.
 *
 * <p>The order is found by simulated annealing. What becomes smaller is the sum, over all
 * operations, of the square of the granules that are checked per instruction: a small operation
 * counts as much as a large one, and the worst one counts most.
 */
public final class CodeOrder {
  private static final int GRANULE = 1024;
  private static final int MOVES = 120_000;
  private static final int LONGEST_MOVE = 8;

  /** Share of the cost by which a change for the worse is accepted at first, and at the end. */
  private static final double HOT = 1e-2;

  private static final double COLD = 1e-5;

  /**
   * A function.
   *
   * @param name its symbol
   * @param address where it lies now
   * @param bytes its size
   */
  public record Function(String name, int address, int bytes) {}

  /**
   * What a service runs between two checks of its code.
   *
   * @param operation for which it runs
   * @param functions that run, in any order
   */
  public record Stretch(Operation operation, Set<Function> functions) {}

  private final List<Function> functions;
  private final int[][] members;
  private final double[] weights;
  private final int[] operations;

  private CodeOrder(Map<Stretch, Long> stretches, Map<Operation, Long> instructions) {
    functions =
        stretches.keySet().stream()
            .flatMap(s -> s.functions().stream())
            .distinct()
            .sorted(Comparator.comparingInt(Function::address))
            .toList();
    Map<Function, Integer> places = new HashMap<>();
    functions.forEach(f -> places.put(f, places.size()));
    List<List<Integer>> lists = new ArrayList<>();
    functions.forEach(f -> lists.add(new ArrayList<>()));
    weights = new double[stretches.size()];
    operations = new int[stretches.size()];
    Map<Operation, Integer> numbers = new EnumMap<>(Operation.class);
    int n = 0;
    for (Map.Entry<Stretch, Long> e : stretches.entrySet()) {
      Operation operation = e.getKey().operation();
      operations[n] = numbers.computeIfAbsent(operation, o -> numbers.size());
      weights[n] = (double) e.getValue() / instructions.get(operation);
      for (Function f : e.getKey().functions()) {
        lists.get(places.get(f)).add(n);
      }
      n++;
    }
    members =
        lists.stream()
            .map(l -> l.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  /**
   * Orders the functions of a service.
   *
   * @param stretches of the service, and how often each of them runs
   * @param instructions of all repetitions of each operation
   * @return the functions that run, the first one first
   */
  public static List<Function> of(Map<Stretch, Long> stretches, Map<Operation, Long> instructions) {
    return new CodeOrder(stretches, instructions).search();
  }

  private List<Function> search() {
    int[] order = byHeat();
    double cost = cost(order);
    int[] best = order;
    double least = cost;
    SplittableRandom random = new SplittableRandom(1);
    double heat = cost * HOT;
    double cooling = Math.pow(COLD / HOT, 1.0 / MOVES);
    for (int i = 0; i < MOVES; i++, heat *= cooling) {
      int[] moved = moved(order, random);
      double after = cost(moved);
      if (after <= cost || random.nextDouble() < Math.exp((cost - after) / heat)) {
        order = moved;
        cost = after;
      }
      if (cost < least) {
        least = cost;
        best = order;
      }
    }
    List<Function> found = new ArrayList<>();
    for (int f : best) {
      found.add(functions.get(f));
    }
    return found;
  }

  /** The functions that run most often come first. */
  private int[] byHeat() {
    double[] heat = new double[functions.size()];
    List<Integer> order = new ArrayList<>();
    for (int f = 0; f < heat.length; f++) {
      for (int stretch : members[f]) {
        heat[f] += weights[stretch];
      }
      order.add(f);
    }
    order.sort(Comparator.comparingDouble(f -> -heat[f]));
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Moves some neighbours to another place. */
  private static int[] moved(int[] order, SplittableRandom random) {
    int count = Math.min(1 + random.nextInt(LONGEST_MOVE), order.length);
    int from = random.nextInt(order.length - count + 1);
    int to = random.nextInt(order.length - count + 1);
    int[] moved = new int[order.length];
    int next = 0;
    for (int i = 0; i <= order.length - count; i++) {
      if (i == to) {
        System.arraycopy(order, from, moved, next, count);
        next += count;
      }
      int other = i < from ? i : i + count;
      if (other < order.length) {
        moved[next++] = order[other];
      }
    }
    return moved;
  }

  private double cost(int[] order) {
    int[] last = new int[weights.length];
    double[] sums = new double[weights.length];
    int end = 0;
    for (int f : order) {
      int first = end / GRANULE + 1;
      end += functions.get(f).bytes() + 3 & ~3;
      int own = (end - 1) / GRANULE + 1;
      for (int stretch : members[f]) {
        if (own > last[stretch]) {
          sums[operations[stretch]] +=
              weights[stretch] * (own - Math.max(last[stretch], first - 1));
          last[stretch] = own;
        }
      }
    }
    double cost = 0;
    for (double sum : sums) {
      cost += sum * sum;
    }
    return cost;
  }
}
