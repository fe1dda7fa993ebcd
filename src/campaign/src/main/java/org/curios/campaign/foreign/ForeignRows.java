package org.curios.campaign.foreign;

import org.curios.campaign.plan.Foreign;
import org.curios.campaign.result.Row;
import org.curios.lab.foreign.ForeignOutcome;
import org.curios.lab.foreign.ForeignRun;
import org.curios.lab.foreign.ForeignTrial;
import org.curios.lab.program.Program;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Trial;
import org.curios.machine.image.dwarf.LineTable;

/** Makes rows of trials with another image than CuriOS. */
public final class ForeignRows {
  private final ForeignRun run;
  private final Program program;

  /** Makes rows with the functions and lines of a program. */
  public ForeignRows(ForeignRun run, Program program) {
    this.run = run;
    this.program = program;
  }

  /** Returns the row of a trial that was just made. */
  public Row row(long number, ForeignSpace.Drawn drawn, ForeignTrial trial) {
    Fault fault = drawn.result().faults().get(0);
    ForeignOutcome o = drawn.result().outcome();
    Trial.Cost cost = trial.cost();
    int at = place(fault, drawn.pc());
    LineTable.Line line = program.lines().at(at);
    boolean differs = !o.difference().isEmpty();
    return new Row(
        number,
        Foreign.POLICY,
        drawn.set().name(),
        fault.object(),
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
        "",
        differs ? 1 : 0,
        differs && o.detected() ? 1 : 0,
        o.statusRight(),
        o.dataRight(),
        0,
        "",
        o.difference(),
        "",
        o.detected() ? o.ticks() - fault.tick() : -1,
        -1,
        o.ticks(),
        drawn.bits(),
        drawn.ticks(),
        cost.restore(),
        cost.simulate(),
        cost.compare());
  }

  /** What was struck of the code, or the instruction before which it happened. */
  private int place(Fault fault, int pc) {
    boolean isOfCode = fault.kind() == FaultClass.CODE || fault.kind() == FaultClass.MUTATION;
    return isOfCode ? run.usage().virtual(Integer.parseUnsignedInt(fault.address(), 16) & -4) : pc;
  }
}
