package org.curios.campaign.space;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.curios.campaign.plan.FaultSet;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.CardPlaces;
import org.curios.lab.trial.DeviceRegisters;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Injector;
import org.curios.lab.trial.ModeRegisters;
import org.curios.lab.trial.Mutation;
import org.curios.lab.trial.PacketPlaces;

/** The places at which a fault of a set can strike at one moment of a run. */
final class StrikePlaces {
  /** Bits of R0 to R14; then those of the PC that ARM code has; then N, Z, C and V. */
  private static final int GENERAL_BITS = 15 * 32;

  private static final int PC_BITS = 30;
  private static final int FLAG_BITS = 4;

  /** R0 to R12: those that can be stuck. */
  private static final int SHARED_BITS = 13 * 32;

  private static final List<String> ABORTS = List.of("data", "prefetch");

  /** Timers, the first UART and a device that is not used, each lost or spurious. */
  private static final List<String> INTERRUPTS =
      List.of("lost:4", "spurious:4", "lost:12", "spurious:12", "spurious:24");

  private final View view;
  private final FaultSet set;
  private final String service;

  /** A drawn fault, and the number of places from which it was drawn. */
  record Drawn(Fault fault, long outOf) {}

  StrikePlaces(View view, FaultSet set, String service) {
    this.view = view;
    this.set = set;
    this.service = service;
  }

  /** Draws one; null if there is none now. */
  Drawn draw(long tick, SplittableRandom random) {
    double share = random.nextDouble();
    double second = random.nextDouble();
    return switch (set.kind()) {
      case REGISTER, KERNEL_REGISTER -> register(tick, share);
      case MODE_REGISTER -> modeRegister(tick, share);
      case CODE, PRIVATE, BUFFER, KEPT, KERNEL_MEMORY, PAGE_TABLE -> memory(tick, share);
      case SSR -> state(tick, share, second);
      case CRASH -> word(tick, share, view.words().names(Kind.CRASH));
      case ABORT -> word(tick, share, ABORTS);
      case INTERRUPT -> word(tick, share, INTERRUPTS);
      case MUTATION -> mutation(tick, share);
      case FIELD -> field(tick, share, second);
      case VARIABLE -> variable(tick, share, second);
      case DEVICE -> device(tick, share);
      case CARD_BLOCK -> block(tick, share, second);
      case CARD_ERROR -> word(tick, share, CardPlaces.transfers());
      case PACKET -> packet(tick, share, second);
    };
  }

  /** Returns how many places there are now, where that does not need a draw. */
  long count() {
    return switch (set.kind()) {
      case CODE, PRIVATE, BUFFER, KEPT, KERNEL_MEMORY, PAGE_TABLE ->
          8
              * Ranges.of(view, set.kind(), service, set.places()).stream()
                  .mapToLong(Ranges.Range::bytes)
                  .sum();
      case SSR ->
          view.states().of(view.object(service)).stream().mapToLong(s -> 8 * s.get("bytes")).sum();
      case REGISTER, KERNEL_REGISTER -> GENERAL_BITS + PC_BITS + FLAG_BITS;
      case MODE_REGISTER -> 32L * modeRegisters().size();
      case DEVICE -> registers().stream().mapToLong(DeviceRegisters::bits).sum();
      case CARD_BLOCK -> (long) CardPlaces.BITS * blocks().size();
      default -> 1;
    };
  }

  private Fault fault(long tick, String place, int bit) {
    return new Fault(set.kind(), service, tick, place, bit)
        .with(set.kind().hasBits() ? set.bits() : 1, set.mode());
  }

  private Drawn register(long tick, double share) {
    if (!set.places().isEmpty()) {
      long bits = 32L * set.places().size();
      int at = (int) (share * bits);
      return new Drawn(fault(tick, set.places().get(at / 32), fit(at % 32, 32)), bits);
    }
    boolean stuck = set.mode() != Fault.Mode.FLIP;
    int bits = stuck ? SHARED_BITS : GENERAL_BITS + PC_BITS + FLAG_BITS;
    int at = (int) (share * bits);
    if (at < GENERAL_BITS) {
      return new Drawn(fault(tick, "r" + at / 32, fit(at % 32, 32)), bits);
    }
    int rest = at - GENERAL_BITS;
    return rest < PC_BITS
        ? new Drawn(fault(tick, "r15", fit(rest + 2, 32)), bits)
        : new Drawn(fault(tick, "cpsr", fit(rest - PC_BITS + 28, 32)), bits);
  }

  private List<String> modeRegisters() {
    return set.places().isEmpty() ? ModeRegisters.names() : set.places();
  }

  private Drawn modeRegister(long tick, double share) {
    long bits = count();
    int at = (int) (share * bits);
    return new Drawn(fault(tick, modeRegisters().get(at / 32), fit(at % 32, 32)), bits);
  }

  /** Moves all bits of a fault into what it strikes. */
  private int fit(int bit, int width) {
    return Math.min(bit, width - set.bits());
  }

  private Drawn memory(long tick, double share) {
    List<Ranges.Range> ranges = Ranges.of(view, set.kind(), service, set.places());
    long bits = 8 * ranges.stream().mapToLong(Ranges.Range::bytes).sum();
    long at = (long) (share * bits);
    for (Ranges.Range r : ranges) {
      if (at < 8 * r.bytes()) {
        return new Drawn(fault(tick, Ranges.hex(r.start() + at / 8), fit((int) (at % 8), 8)), bits);
      }
      at -= 8 * r.bytes();
    }
    return null;
  }

  private List<Struct> resting() {
    return view.states().of(view.object(service)).stream()
        .filter(s -> !view.states().isBusy(s))
        .toList();
  }

  private Drawn state(long tick, double share, double second) {
    List<Struct> resting = resting();
    if (resting.isEmpty()) {
      return null;
    }
    Struct chosen = resting.get((int) (share * resting.size()));
    int bits = 8 * (int) chosen.get("bytes");
    return new Drawn(
        fault(tick, nameOf(chosen), fit((int) (second * bits), bits)),
        resting.stream().mapToLong(s -> 8 * s.get("bytes")).sum());
  }

  /** Names a state as faults do: OWNER#N. */
  private String nameOf(Struct state) {
    long owner = state.get("owner");
    int n = 0;
    for (Struct s : view.states().of(view.object(service))) {
      if (s.address() == state.address()) {
        break;
      }
      n += s.get("owner") == owner ? 1 : 0;
    }
    return view.nameOf((int) owner) + "#" + n;
  }

  private Drawn word(long tick, double share, List<String> known) {
    List<String> words = set.places().isEmpty() ? known : set.places();
    return new Drawn(fault(tick, words.get((int) (share * words.size())), 0), words.size());
  }

  /** Draws what happens to a frame; a bit is one of the longest frame. */
  private Drawn packet(long tick, double share, double second) {
    List<String> words = set.places().isEmpty() ? PacketPlaces.names() : set.places();
    String place = words.get((int) (share * words.size()));
    boolean hasBits = PacketPlaces.hasBits(place);
    int bit = hasBits ? (int) (second * PacketPlaces.BITS) : 0;
    return new Drawn(
        new Fault(set.kind(), service, tick, place, bit).with(hasBits ? set.bits() : 1, set.mode()),
        words.size());
  }

  private List<String> registers() {
    return set.places().isEmpty() ? DeviceRegisters.names() : set.places();
  }

  private Drawn device(long tick, double share) {
    long bits = count();
    long at = (long) (share * bits);
    for (String name : registers()) {
      int own = DeviceRegisters.bits(name);
      if (at < own) {
        return new Drawn(fault(tick, name, fit((int) at, own)), bits);
      }
      at -= own;
    }
    return null;
  }

  private List<String> blocks() {
    return set.places().isEmpty() ? CardPlaces.blocks(view.machine()) : set.places();
  }

  private Drawn block(long tick, double share, double second) {
    List<String> all = blocks();
    return all.isEmpty()
        ? null
        : new Drawn(
            fault(
                tick,
                all.get((int) (share * all.size())),
                fit((int) (second * CardPlaces.BITS), CardPlaces.BITS)),
            (long) CardPlaces.BITS * all.size());
  }

  private Drawn mutation(long tick, double share) {
    Obj o = view.object(service);
    long start = o.descriptor().get("code_start");
    List<String> ways = set.places().isEmpty() ? Mutation.words() : set.places();
    List<String> all = new ArrayList<>();
    for (long a = start; a < o.descriptor().get("code_end"); a += 4) {
      int physical = view.memory().physical(o, (int) a);
      int word = physical == -1 ? 0 : view.machine().bus().read(physical, 4);
      for (Mutation m : Mutation.values()) {
        if (ways.contains(m.word()) && m.suits(word)) {
          all.add(Ranges.hex(a) + ":" + m.word());
        }
      }
    }
    return all.isEmpty()
        ? null
        : new Drawn(fault(tick, all.get((int) (share * all.size())), 0), all.size());
  }

  private Drawn field(long tick, double share, double second) {
    String name = set.places().get((int) (share * set.places().size()));
    int dot = Math.max(0, name.indexOf('.'));
    String type = name.substring(0, dot);
    if (type.equals("Object")) {
      Extent e =
          view.extent(type, view.object(service).struct().address(), name.substring(dot + 1));
      return bits(tick, name, e, second);
    }
    List<Struct> states = resting();
    if (states.isEmpty()) {
      return null;
    }
    int whole = (int) (second * states.size());
    Struct s = states.get(whole);
    Extent e =
        type.equals("state")
            ? view.states().extent(s, name.substring(dot + 1))
            : view.extent(type, s.address(), name.substring(dot + 1));
    return bits(tick, name + ":" + nameOf(s), e, second * states.size() - whole);
  }

  private Drawn bits(long tick, String place, Extent e, double share) {
    int bits = 8 * e.bytes();
    return new Drawn(fault(tick, place, fit((int) (share * bits), bits)), bits);
  }

  private Drawn variable(long tick, double share, double second) {
    String name = set.places().get((int) (share * set.places().size()));
    return bits(tick, name, Injector.variable(view, service, name), second);
  }
}
