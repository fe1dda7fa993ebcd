package org.curios.lab.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.ClientRecords;
import org.curios.lab.trial.Transcripts;

/**
 * Instructions of CuriOS's services, counted as those of Linux are: from a client's {@code svc} to
 * its next instruction. Everything that runs meanwhile is counted, services and kernel; the time in
 * which the processor waits is not. The client says by its records which operation comes next.
 */
final class CuriosServices {
  private static final String CLIENT = "svcmet0";
  private static final int MARK = 0xe0;
  private static final int SP = 13;
  private static final int SVC = 0xef;
  private static final int CLIENT_REGIONS = 0x400;
  private static final long COARSE = 50_000;
  private static final long LIMIT = 2_000_000_000;

  private final String policy;

  /** By operation and repetition, the instructions of all calls that belong to it. */
  private final Map<Integer, Long> counts = new LinkedHashMap<>();

  private Guest.Obj client;
  private int region;

  CuriosServices(String policy) {
    this.policy = policy;
  }

  /**
   * Boots CuriOS and measures.
   *
   * @return the median of each operation
   * @throws LabException when the client does not do its work
   */
  Map<Operation, Long> measure() {
    try (Bench bench = new Bench("curios", policy, CLIENT)) {
      while (bench.status() == null && bench.view().eventCount() == 0) {
        bench.go(bench.machine().cpu().now() + COARSE); // until all objects exist
      }
      client = bench.view().object(CLIENT);
      region = CLIENT_REGIONS + (int) client.struct().get("id");
      Cpu cpu = bench.machine().cpu();
      while (bench.status() == null && mark(bench) < 0 && cpu.now() < LIMIT) {
        bench.go(cpu.now() + COARSE);
      }
      while (bench.status() == null && cpu.now() < LIMIT) {
        int word = isTrap(bench) ? mark(bench) : 0;
        if (Operation.of(word) == null) {
          step(bench);
        } else {
          counts.merge(word, call(bench), Long::sum);
        }
      }
      List<String> said = Transcripts.byClient(bench.text()).getOrDefault(CLIENT, List.of());
      if (said.stream().noneMatch(l -> l.contains("all as expected"))) {
        throw new LabException(
            "its client says: " + (said.isEmpty() ? "nothing" : String.join("; ", said)));
      }
    }
    return ServiceCosts.medians(counts);
  }

  /** The operation that the client has named last, and the repetition; -1 if it has named none. */
  private int mark(Bench bench) {
    Guest.View view = bench.view();
    long count = ClientRecords.read(view, client, Long.MAX_VALUE).count();
    List<ClientRecords.Entry> last =
        ClientRecords.read(view, client, Math.max(0, count - 1)).last();
    if (last.isEmpty() || (last.getLast().call() & 0xff) < MARK) {
      return -1;
    }
    return (last.getLast().call() & 0xff) - MARK | last.getLast().result() << 8;
  }

  private boolean isClient(Cpu cpu) {
    return cpu.mode() == Psr.USER && cpu.register(SP) >>> 20 == region;
  }

  private boolean isTrap(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    if (!isClient(cpu) || cpu.isWaiting()) {
      return false;
    }
    int physical = cpu.memory.physical(cpu.pc);
    return physical != -1 && bench.machine().bus().read(physical, 4) >>> 24 == SVC;
  }

  private long call(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    long instructions = 0;
    do {
      instructions += step(bench);
    } while (bench.status() == null && !isClient(cpu) && cpu.now() < LIMIT);
    return instructions;
  }

  /** Carries out an instruction, or waits; returns how many instructions that were. */
  private static int step(Bench bench) {
    Cpu cpu = bench.machine().cpu();
    boolean waits = cpu.isWaiting();
    bench.go(waits ? Math.max(cpu.now() + 1, cpu.clock.next()) : cpu.now() + 1);
    return waits ? 0 : 1;
  }
}
