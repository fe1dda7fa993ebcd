package org.curios.tests.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.curios.tests.Peers;
import org.curios.tests.files.FileOperations.Operation;

/**
 * Random sequences of operations, with crashes of the service and of the driver in between: each
 * result and the image are the model's. A sequence that fails shrinks to a short one.
 */
class RandomOperationsTest {
  private static final int LENGTH = 120;

  @Property(tries = 4, shrinking = ShrinkingMode.BOUNDED)
  void areTheModels(
      @ForAll("sequences") List<Operation> operations, @ForAll("shapes") List<String> shape)
      throws Exception {
    check(operations, shape, "ssr-packed");
  }

  @Property(tries = 1, shrinking = ShrinkingMode.BOUNDED)
  void areTheModelsTwice(@ForAll("short sequences") List<Operation> operations) throws Exception {
    check(operations, List.of("-b", "1024"), "ssr-twice");
  }

  private static void check(List<Operation> operations, List<String> shape, String policy)
      throws Exception {
    Peers.needFileSystemTools();
    Path image = Files.createTempFile("operations", ".img");
    try {
      HostVolume volume = HostVolume.make(image, "8M", shape.toArray(String[]::new));
      FileOperations all = new FileOperations();
      operations.forEach(all::add);
      all.check(volume, policy);
    } finally {
      Files.delete(image);
    }
  }

  @Provide
  Arbitrary<List<Operation>> sequences() {
    return operation().list().ofMinSize(LENGTH / 2).ofMaxSize(LENGTH);
  }

  @Provide("short sequences")
  Arbitrary<List<Operation>> shortSequences() {
    return operation().list().ofMinSize(20).ofMaxSize(30);
  }

  @Provide
  Arbitrary<List<String>> shapes() {
    return Arbitraries.of(
        List.of("-b", "1024"),
        List.of("-b", "2048", "-I", "128"),
        List.of("-b", "4096", "-I", "256"),
        List.of("-b", "1024", "-g", "1024", "-I", "128"));
  }

  private static Arbitrary<Operation> operation() {
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 1_000_000);
    return Combinators.combine(Arbitraries.integers().between(0, 99), number, number, number)
        .as(Operation::new);
  }
}
