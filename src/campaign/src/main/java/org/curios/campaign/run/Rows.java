package org.curios.campaign.run;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.curios.campaign.result.Row;
import org.curios.campaign.space.FaultSpace;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Outcome;
import org.curios.lab.trial.Outcome.Difference;
import org.curios.lab.trial.Trial;
import org.curios.machine.image.dwarf.LineTable;

/** Makes rows of trials. */
final class Rows {
  private final String policy;
  private final Program program;

  Rows(String policy, Program program) {
    this.policy = policy;
    this.program = program;
  }

  /** Returns the row of a trial that was just made. */
  Row row(long number, FaultSpace.Drawn drawn, Trial trial) {
    Fault fault = drawn.result().fault();
    Outcome o = drawn.result().outcome();
    Trial.Times times = trial.times();
    Trial.Cost cost = trial.cost();
    int at = place(fault, drawn.pc());
    LineTable.Line line = program.lines().at(at);
    List<Difference> clients =
        o.differences().stream().filter(d -> !d.client().equals("system")).toList();
    return new Row(
        number,
        policy,
        drawn.set(),
        drawn.service(),
        fault.toString(),
        drawn.result().faults().size() < 2 ? "" : drawn.result().faults().get(1).toString(),
        fault.tick(),
        Integer.toUnsignedLong(at),
        program.symbols().describe(at),
        line == null ? "" : line.file(),
        line == null ? 0 : line.line(),
        o.word().toString(),
        o.detected(),
        o.by(),
        o.client(),
        clients.stream().map(Difference::client).distinct().count(),
        clients.stream().filter(Difference::told).map(Difference::client).distinct().count(),
        o.differences().stream().noneMatch(Difference::result),
        o.differences().stream().noneMatch(Difference::data),
        o.foreignSsrBytes(),
        o.foreign().entrySet().stream().map(Rows::text).collect(Collectors.joining(" ")),
        o.differences().isEmpty() ? "" : o.differences().get(0).toString(),
        o.card(),
        times.detected() < 0 ? -1 : times.detected() - fault.tick(),
        times.instructions(),
        o.ticks(),
        drawn.bits(),
        drawn.ticks(),
        cost.restore(),
        cost.simulate(),
        cost.compare());
  }

  private static String text(Map.Entry<String, Integer> state) {
    return state.getKey() + ":" + state.getValue();
  }

  /** What was struck of the code, or the instruction before which it happened. */
  private static int place(Fault fault, int pc) {
    return switch (fault.kind()) {
      case CODE, MUTATION -> Integer.parseUnsignedInt(fault.address(), 16) & -4;
      default -> pc;
    };
  }
}
