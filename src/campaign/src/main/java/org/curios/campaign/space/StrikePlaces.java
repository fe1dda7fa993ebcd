package org.curios.campaign.space;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.curios.campaign.plan.FaultSet;
import org.curios.campaign.space.MachinePlaces.Drawn;
import org.curios.campaign.space.MachinePlaces.Range;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.trial.CardPlaces;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.Injector;
import org.curios.lab.trial.Mutation;
import org.curios.lab.trial.PacketPlaces;

/** The places at which a fault of a set can strike at one moment of a run. */
final class StrikePlaces {
  private final View view;
  private final FaultSet set;
  private final String service;
  private final MachinePlaces places;

  StrikePlaces(View view, FaultSet set, String service) {
    this.view = view;
    this.set = set;
    this.service = service;
    places = new MachinePlaces(set, service);
  }

  /** Draws one; null if there is none now. */
  Drawn draw(long tick, SplittableRandom random) {
    double share = random.nextDouble();
    double second = random.nextDouble();
    return switch (set.kind()) {
      case REGISTER, KERNEL_REGISTER -> places.register(tick, share);
      case MODE_REGISTER -> places.modeRegister(tick, share);
      case CODE, PRIVATE, BUFFER, KEPT, KERNEL_MEMORY, PAGE_TABLE ->
          places.memory(tick, share, ranges());
      case SSR -> state(tick, share, second);
      case CRASH -> places.word(tick, share, view.words().names(Kind.CRASH));
      case ABORT -> places.abort(tick, share);
      case INTERRUPT -> places.interrupt(tick, share);
      case MUTATION -> mutation(tick, share);
      case FIELD -> field(tick, share, second);
      case VARIABLE -> variable(tick, share, second);
      case DEVICE -> places.device(tick, share);
      case CARD_BLOCK -> block(tick, share, second);
      case CARD_ERROR -> places.word(tick, share, CardPlaces.transfers());
      case PACKET -> packet(tick, share, second);
      case MEMORY -> null; // of other images
    };
  }

  /** Returns how many places there are now, where that does not need a draw. */
  long count() {
    return switch (set.kind()) {
      case CODE, PRIVATE, BUFFER, KEPT, KERNEL_MEMORY, PAGE_TABLE -> MachinePlaces.bits(ranges());
      case SSR ->
          view.states().of(view.object(service)).stream().mapToLong(s -> 8 * s.get("bytes")).sum();
      case REGISTER, KERNEL_REGISTER -> places.registerBits();
      case MODE_REGISTER -> places.modeRegisterBits();
      case DEVICE -> places.deviceBits();
      case CARD_BLOCK -> (long) CardPlaces.BITS * blocks().size();
      default -> 1;
    };
  }

  private Fault fault(long tick, String place, int bit) {
    return places.fault(tick, place, bit);
  }

  private int fit(int bit, int width) {
    return places.fit(bit, width);
  }

  private List<Range> ranges() {
    return Ranges.of(view, set.kind(), service, set.places());
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
          all.add(MachinePlaces.hex(a) + ":" + m.word());
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
