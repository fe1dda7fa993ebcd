package org.curios.campaign.foreign;

import java.util.ArrayList;
import java.util.List;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.space.MachinePlaces;
import org.curios.campaign.space.MachinePlaces.Drawn;
import org.curios.campaign.space.MachinePlaces.Range;
import org.curios.lab.foreign.ForeignRun;
import org.curios.lab.foreign.MemoryRange;
import org.curios.lab.foreign.Usage;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Mutation;
import org.curios.machine.Machine;

/** The places at which a set of faults can strike another image than CuriOS. */
final class ForeignPlaces {
  private static final int WORD = 4;

  private final FaultSet set;
  private final MachinePlaces places;

  /** Code or memory; empty for kinds that strike neither. */
  private final List<Range> ranges;

  /** Mistakes in instructions that the run executes; empty for other kinds. */
  private final List<Mistake> mistakes = new ArrayList<>();

  /** A mistake in an instruction: its physical address, and the word there. */
  private record Mistake(int address, int word, Mutation how) {}

  ForeignPlaces(FaultSet set, ForeignRun run) {
    this.set = set;
    places = new MachinePlaces(set, object(set.kind()));
    ranges = ranges(set, run);
    if (set.kind() == FaultClass.MUTATION) {
      run.usage().words().forEach(this::addMistakes);
    }
  }

  /** Returns what faults of a kind name as struck. */
  static String object(FaultClass kind) {
    return kind == FaultClass.DEVICE || kind == FaultClass.INTERRUPT ? Fault.BOARD : Fault.IMAGE;
  }

  private static List<Range> ranges(FaultSet set, ForeignRun run) {
    List<Range> all = new ArrayList<>();
    if (set.kind() != FaultClass.CODE && set.kind() != FaultClass.MEMORY) {
      return all;
    }
    for (String name : set.places()) {
      MemoryRange r = run.range(name);
      long start = Integer.toUnsignedLong(r.address());
      all.add(new Range(start, start + r.bytes()));
    }
    if (set.places().isEmpty()) {
      Usage usage = run.usage();
      for (Usage.Bytes b : set.kind() == FaultClass.CODE ? usage.code() : usage.data()) {
        all.add(new Range(b.start(), b.end()));
      }
    }
    return all;
  }

  private void addMistakes(int address, int word) {
    for (Mutation m : Mutation.values()) {
      boolean isWanted = set.places().isEmpty() || set.places().contains(m.word());
      if (isWanted && m.suits(word)) {
        mistakes.add(new Mistake(address, word, m));
      }
    }
  }

  FaultSet set() {
    return set;
  }

  /** Returns how many places there are. */
  long count() {
    return switch (set.kind()) {
      case REGISTER -> places.registerBits();
      case MODE_REGISTER -> places.modeRegisterBits();
      case CODE, MEMORY -> MachinePlaces.bits(ranges);
      case MUTATION -> mistakes.size();
      case DEVICE -> places.deviceBits();
      default -> 1;
    };
  }

  /**
   * Draws a fault.
   *
   * @param share which one, 0 to below 1
   * @return null if there is none at this moment
   */
  Drawn draw(Machine m, long tick, double share) {
    return switch (set.kind()) {
      case REGISTER -> places.register(tick, share);
      case MODE_REGISTER -> places.modeRegister(tick, share);
      case CODE, MEMORY -> places.memory(tick, share, ranges);
      case MUTATION -> mistake(m, tick, share);
      case ABORT -> places.abort(tick, share);
      case INTERRUPT -> places.interrupt(tick, share);
      case DEVICE -> places.device(tick, share);
      default -> throw new IllegalStateException(set.kind().word());
    };
  }

  /** The instruction must be there: a program may load its code. */
  private Drawn mistake(Machine m, long tick, double share) {
    Mistake drawn = mistakes.get((int) (share * mistakes.size()));
    return m.bus().read(drawn.address, WORD) == drawn.word
        ? new Drawn(
            places.fault(tick, MachinePlaces.hex(drawn.address) + ":" + drawn.how.word(), 0),
            mistakes.size())
        : null;
  }
}
