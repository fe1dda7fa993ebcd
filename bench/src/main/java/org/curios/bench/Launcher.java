package org.curios.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code curios run} as a user starts it: a process with a Java virtual machine of its own. */
final class Launcher implements Peer {
  private final Path script;

  /**
   * Makes the peer.
   *
   * @throws BenchException when this process was not started by the launcher
   */
  Launcher() throws BenchException {
    String root = System.getProperty("curios.root");
    if (root == null || !Files.isExecutable(Path.of(root, "curios"))) {
      throw new BenchException("the launcher is not found; start with ./curios bench");
    }
    script = Path.of(root, "curios");
  }

  @Override
  public String name() {
    return "curios";
  }

  @Override
  public Run run(Job job) throws BenchException, InterruptedException {
    LineClock clock = new LineClock(job.prefix(), () -> {});
    Child.run(image -> List.of(script.toString(), "run", image.toString()), job, name(), clock);
    return clock.run(job, this);
  }
}
