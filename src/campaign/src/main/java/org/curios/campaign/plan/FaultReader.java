package org.curios.campaign.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.lab.trial.CardPlaces;
import org.curios.lab.trial.DeviceRegisters;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.ModeRegisters;
import org.curios.lab.trial.Mutation;
import org.curios.lab.trial.PacketPlaces;

/** Reads the faults of plans. */
final class FaultReader {
  private static final List<String> FAULT_KEYS =
      List.of("kind", "name", "services", "places", "bits", "stuck", "at", "weight", "then");
  private static final List<String> SECOND_KEYS =
      List.of("kind", "services", "places", "bits", "stuck", "during");
  private static final List<String> WHEN_KEYS = List.of("call", "function", "line", "client");
  private static final String SERVICE = "service";
  private static final Pattern LINE = Pattern.compile("(.+):(\\d{1,6})");
  private static final int MOST_CALLS = 1_000_000;

  /** Kinds of faults for other images than CuriOS if the plan names none: the first ones. */
  private static final int USUAL = 3;

  private final boolean hasPeer;
  private final Foreign foreign;
  private final ImageFiles images;

  /**
   * Reads the faults of a plan.
   *
   * @param hasPeer whether there is a second machine
   * @param foreign what runs; null for CuriOS
   * @param images where its image is
   */
  FaultReader(boolean hasPeer, Foreign foreign, ImageFiles images) {
    this.hasPeer = hasPeer;
    this.foreign = foreign;
    this.images = images;
  }

  /**
   * Returns the sets of faults of a plan.
   *
   * @param value null for the usual ones
   */
  List<FaultSet> faults(YamlValue value) {
    if (value == null) {
      List<FaultClass> usual =
          foreign == null ? FaultClass.basic() : FaultClass.foreign().subList(0, USUAL);
      return usual.stream().map(k -> FaultSet.of(k, List.of())).toList();
    }
    List<FaultSet> sets = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlValue one : value.list()) {
      FaultSet set = faultSet(one);
      if (!hasPeer && needsPeer(set)) {
        throw one.wrong(
            FaultClass.PACKET.word()
                + " needs frames from a second machine; name its clients, as in peer: peer");
      }
      if (!names.add(set.name())) {
        throw one.wrong(set.name() + " is given twice; give one of them a name of its own");
      }
      sets.add(set);
    }
    return sets;
  }

  private static boolean needsPeer(FaultSet set) {
    return set.kind() == FaultClass.PACKET || set.then() != null && needsPeer(set.then());
  }

  private FaultSet faultSet(YamlValue value) {
    if (!value.isMap()) {
      return FaultSet.of(ForeignReader.kind(value, foreign != null), List.of());
    }
    Map<String, YamlValue> all = value.map(FAULT_KEYS);
    FaultSet first = single(value, all);
    FaultSet then = null;
    boolean inRecovery = false;
    if (all.containsKey("then")) {
      YamlValue second = all.get("then");
      Map<String, YamlValue> keys = second.map(SECOND_KEYS);
      then = single(second, keys);
      if (keys.containsKey("during")) {
        keys.get("during").word(List.of("recovery"));
        inRecovery = true;
      }
    }
    When when = all.containsKey("at") ? when(all.get("at"), first.kind()) : When.UNIFORM;
    String name = first.name();
    if (then != null) {
      name += inRecovery ? ", " + then.name() + " in recovery" : " and " + then.name();
    }
    return new FaultSet(
        all.containsKey("name") ? all.get("name").text() : name,
        first.kind(),
        first.services(),
        first.places(),
        first.bits(),
        first.mode(),
        when,
        all.containsKey("weight") ? all.get("weight").positive() : 1,
        then,
        inRecovery);
  }

  private FaultSet single(YamlValue value, Map<String, YamlValue> all) {
    if (!all.containsKey("kind")) {
      throw value.wrong(
          "kind is missing; there are "
              + String.join(
                  ", ",
                  foreign == null ? FaultClass.words() : FaultClass.words(FaultClass.foreign())));
    }
    FaultClass kind = ForeignReader.kind(all.get("kind"), foreign != null);
    if (foreign != null) {
      ForeignReader.check(all);
    }
    List<String> services = words(all.get("services"));
    if (kind.object() != null && !services.isEmpty()) {
      throw all.get("services")
          .wrong(kind.word() + " strikes the " + kind.object() + ", no services");
    }
    int bits = 1;
    if (all.containsKey("bits")) {
      mustHaveBits(kind, all.get("bits"));
      bits = (int) all.get("bits").whole(1, Fault.MOST_BITS);
    }
    Fault.Mode mode = Fault.Mode.FLIP;
    if (all.containsKey("stuck")) {
      mustHaveBits(kind, all.get("stuck"));
      if (!kind.canBeStuck()) {
        throw all.get("stuck").wrong(kind.word() + " has no bits that can be stuck");
      }
      mode = all.get("stuck").whole(0, 1) == 0 ? Fault.Mode.STUCK_AT_0 : Fault.Mode.STUCK_AT_1;
    }
    String name =
        kind.word()
            + (bits > 1 ? " x" + bits : "")
            + (mode == Fault.Mode.FLIP ? "" : mode == Fault.Mode.STUCK_AT_0 ? "=0" : "=1");
    List<String> places = words(all.get("places"));
    if (places.isEmpty() && (kind == FaultClass.FIELD || kind == FaultClass.VARIABLE)) {
      throw value.wrong(
          kind == FaultClass.FIELD
              ? "name fields by places, as in places: [Object.deadline]"
              : "name variables by places, as in places: [items]");
    }
    List<String> known = knownPlaces(kind);
    if (!known.isEmpty() && all.containsKey("places")) {
      all.get("places").list().forEach(v -> v.word(known));
    } else if (isOfMemory(kind) && all.containsKey("places")) {
      ForeignReader.checkMemory(all.get("places"), foreign, images);
    }
    if (bits > 1 && !places.isEmpty() && places.stream().noneMatch(kind::hasBits)) {
      throw all.get("bits").wrong(String.join(", ", places) + ": no bits there");
    }
    return new FaultSet(name, kind, services, places, bits, mode, When.UNIFORM, 1, null, false);
  }

  /** Returns whether the places of a kind are parts of an image's memory. */
  private boolean isOfMemory(FaultClass kind) {
    return foreign != null && (kind == FaultClass.CODE || kind == FaultClass.MEMORY);
  }

  /** Returns the places of a kind that has the same ones in each image; empty for others. */
  private static List<String> knownPlaces(FaultClass kind) {
    return switch (kind) {
      case PRIVATE -> List.of("data", "heap", "stack");
      case ABORT -> List.of("data", "prefetch");
      case MUTATION -> Mutation.words();
      case DEVICE -> DeviceRegisters.names();
      case CARD_ERROR -> CardPlaces.transfers();
      case PACKET -> PacketPlaces.names();
      case MODE_REGISTER -> ModeRegisters.names();
      default -> List.of();
    };
  }

  private static void mustHaveBits(FaultClass kind, YamlValue value) {
    if (!kind.hasBits()) {
      throw value.wrong(kind.word() + " has no bits");
    }
  }

  private static List<String> words(YamlValue value) {
    List<String> all = new ArrayList<>();
    if (value != null) {
      value.list().forEach(v -> addOnce(all, v.text(), v));
    }
    return all;
  }

  private When when(YamlValue value, FaultClass kind) {
    List<String> known = new ArrayList<>(WHEN_KEYS);
    known.add(SERVICE);
    Map<String, YamlValue> all = new LinkedHashMap<>(value.map(known));
    YamlValue service = all.remove(SERVICE);
    if (all.size() != 1) {
      throw value.wrong("give one of " + String.join(", ", WHEN_KEYS));
    }
    When what = when(all);
    if (foreign != null) {
      ForeignReader.check(service == null ? value : service, service == null ? what : When.UNIFORM);
      return what;
    }
    if (service != null) {
      if (!kind.isAnytime()) {
        throw service.wrong(
            kind.word() + " strikes what runs; name services next to kind, not in at");
      }
      return new When.In(service.text(), what);
    }
    if (what instanceof When.Call && kind.object() != null) {
      throw value.wrong("say which service is called, as in at: {service: net, call: 3}");
    }
    return what;
  }

  private static When when(Map<String, YamlValue> all) {
    String key = all.keySet().iterator().next();
    YamlValue of = all.get(key);
    return switch (key) {
      case "call" -> new When.Call((int) of.whole(1, MOST_CALLS));
      case "function" -> new When.Function(of.text());
      case "client" -> new When.Request(of.text());
      default -> {
        Matcher m = LINE.matcher(of.text());
        if (!m.matches()) {
          throw of.wrong(of.text() + ": give file and line, as in services/store.cc:23");
        }
        yield new When.Line(m.group(1), Integer.parseInt(m.group(2)));
      }
    };
  }

  /** Adds a word that must not be there. */
  static void addOnce(List<String> words, String word, YamlValue at) {
    if (words.contains(word)) {
      throw at.wrong(word + " is given twice");
    }
    words.add(word);
  }
}
