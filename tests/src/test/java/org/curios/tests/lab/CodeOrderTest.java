package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.curios.lab.measure.CodeOrder;
import org.curios.lab.measure.CodeOrder.Function;
import org.curios.lab.measure.CodeOrder.Stretch;
import org.curios.lab.measure.Operation;
import org.junit.jupiter.api.Test;

/** Functions that run together lie together. */
class CodeOrderTest {
  private static final int GRANULE = 1024;

  /**
   * Each operation runs every third of 24 functions of 256 bytes: in the best order, two granules.
   */
  @Test
  void anOperationRunsAsFewGranulesAsItCan() {
    List<Operation> operations = List.of(Operation.READ, Operation.WRITE, Operation.STAT);
    Map<Stretch, Long> stretches = new LinkedHashMap<>();
    List<Function> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      all.add(new Function("f" + i, 256 * i, 256));
    }
    for (int i = 0; i < 3; i++) {
      int own = i;
      Set<Function> functions =
          all.stream().filter(f -> f.address() / 256 % 3 == own).collect(Collectors.toSet());
      stretches.put(new Stretch(operations.get(i), functions), 20L);
    }
    List<Function> order =
        CodeOrder.of(
            stretches,
            Map.of(Operation.READ, 2000L, Operation.WRITE, 4000L, Operation.STAT, 1000L));
    assertEquals(new HashSet<>(all), new HashSet<>(order));
    assertEquals(all.size(), order.size());
    for (Stretch stretch : stretches.keySet()) {
      Set<Integer> granules = new HashSet<>();
      for (int i = 0; i < order.size(); i++) {
        if (stretch.functions().contains(order.get(i))) {
          granules.add(256 * i / GRANULE);
        }
      }
      assertEquals(2, granules.size(), () -> stretch.operation() + ": " + order);
    }
  }
}
