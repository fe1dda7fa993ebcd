package org.curios.shell;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.curios.campaign.replay.Replay;
import org.curios.campaign.result.Row;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.program.Symbols;
import org.curios.lab.session.GuestConsole;
import org.curios.lab.session.Session;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Trial;
import org.curios.lab.trial.Workload;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * A trial of a campaign that can be made again in a session.
 *
 * @param row what came of it
 * @param faults in the order of time, with their ticks
 * @param workload what the system did
 * @param elf the image that ran
 * @param image the same, read
 */
record RecordedTrial(Row row, List<Fault> faults, Workload workload, byte[] elf, Image image) {
  private static final int RAM = 64 << 20;

  /**
   * Finds a trial.
   *
   * @param policy which one's; null if there is but one
   * @throws LabException when it is not there, or another image runs now
   */
  static RecordedTrial of(Path folder, long number, String policy) {
    try (Folder found = Folder.open(folder)) {
      Campaign.mustBe(folder, found.image());
      Row row = row(found.trial(number), number, policy);
      byte[] elf = Images.elf("curios");
      Workload workload = Campaign.workload(found.plan());
      return new RecordedTrial(
          row, Replay.faults(row), workload, elf, Image.parse("curios.elf", elf));
    } catch (ImageException e) {
      throw new LabException(e.getMessage(), e);
    }
  }

  private static Row row(List<Row> rows, long number, String policy) {
    if (policy == null && rows.size() == 1) {
      return rows.get(0);
    }
    List<String> there = rows.stream().map(Row::policy).toList();
    if (policy == null) {
      throw new LabException(
          "trial " + number + ": say of which policy by --policy: " + String.join(", ", there));
    }
    return rows.stream()
        .filter(r -> r.policy().equals(policy))
        .findFirst()
        .orElseThrow(() ->
            new LabException(
                "--policy "
                    + policy
                    + ": trial "
                    + number
                    + " is there of "
                    + String.join(", ", there)));
  }

  /** Makes the machine, at its start. */
  Session session(GuestConsole console, boolean jit) throws ImageException {
    return new Session(() -> machine(console, jit));
  }

  /** Brings the machine of a session to the first fault, which has just happened then. */
  void prepare(Session session) {
    Replay.prepare(session, new Symbols(image), workload, faults);
  }

  private Machine machine(GuestConsole console, boolean jit) throws ImageException {
    Machine machine =
        new MachineBuilder()
            .ram(RAM)
            .jit(jit)
            .card(workload.card() == null ? null : new Disk(workload.card()))
            .console(new PrintStream(console.output(), false))
            .input(console.input())
            .build();
    try {
      machine.load(image);
    } catch (ImageException e) {
      machine.close();
      throw e;
    }
    new Boot(Trial.kernelPolicy(row.policy()), workload.run(), workload.ip())
        .write(machine, new Symbols(image));
    return machine;
  }
}
