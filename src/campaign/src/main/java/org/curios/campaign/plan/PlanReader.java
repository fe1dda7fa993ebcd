package org.curios.campaign.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.campaign.stat.Precision;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.trial.CardPlaces;
import org.curios.lab.trial.DeviceRegisters;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.ModeRegisters;
import org.curios.lab.trial.Mutation;
import org.curios.lab.trial.PacketPlaces;
import org.curios.lab.trial.Trial;

/** Reads plans; errors are reported with line, column and reason. */
public final class PlanReader {
  private static final List<String> KEYS =
      List.of("campaign", "clients", "peer", "policies", "faults", "sampling", "seed");
  private static final List<String> FAULT_KEYS =
      List.of("kind", "name", "services", "places", "bits", "stuck", "at", "weight", "then");
  private static final List<String> SECOND_KEYS =
      List.of("kind", "services", "places", "bits", "stuck", "during");
  private static final List<String> SAMPLING_KEYS =
      List.of("method", "trials", "precision", "expected", "from", "instructions");
  private static final List<String> WHEN_KEYS = List.of("call", "function", "line", "client");
  private static final String SERVICE = "service";

  /** The policy that goes back to earlier states of the whole machine. */
  private static final String SNAPSHOT = "snapshot";

  private static final Pattern LINE = Pattern.compile("(.+):(\\d{1,6})");
  private static final String QUICK = "quick.yaml";
  private static final int MOST_CALLS = 1_000_000;
  private static final int MOST_INSTRUCTIONS = 100_000;

  private PlanReader() {}

  /** Returns the plan of {@code campaign run --quick}. */
  public static Plan quick() {
    try (InputStream in = PlanReader.class.getResourceAsStream(QUICK)) {
      return parse(QUICK, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws LabException when it cannot be read or is no plan
   */
  public static Plan read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new LabException(
          file + ": no such plan; docs/campaigns.md shows how one is written", e);
    } catch (MalformedInputException e) {
      throw new LabException(file + ": not a text in UTF-8", e);
    } catch (IOException e) {
      throw new LabException(file + ": the plan cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the text of a plan.
   *
   * @param file its name, for messages
   * @throws LabException when it is none
   */
  public static Plan parse(String file, String text) {
    YamlValue root = YamlValue.parse(file, text);
    Map<String, YamlValue> all = root.map(KEYS);
    String clients = all.containsKey("clients") ? clients(all.get("clients")) : Plan.MIXED;
    String peer = all.containsKey("peer") ? clients(all.get("peer")) : "";
    List<String> policies = new ArrayList<>();
    if (all.containsKey("policies")) {
      for (YamlValue policy : all.get("policies").list()) {
        addOnce(policies, policy.word(Trial.policies()), policy);
      }
    } else {
      policies.add("ssr-packed");
    }
    if (!all.containsKey("sampling")) {
      throw root.wrong("sampling is missing: say how many trials, as in sampling: {trials: 1000}");
    }
    if (!peer.isEmpty() && policies.contains(SNAPSHOT)) {
      throw all.get("peer").wrong(SNAPSHOT + " cannot take the second machine back; leave one out");
    }
    List<FaultSet> sets = faults(all.get("faults"), !peer.isEmpty());
    Sampling sampling = sampling(all.get("sampling"));
    if (sampling.window() != null) {
      mustSuitExhaustive(all.get("sampling"), policies, sets);
      boolean registers = sets.get(0).kind() == FaultClass.REGISTER;
      sampling = sampling.of(registers ? "R0 to R14" : "private memory");
    }
    return new Plan(
        all.containsKey("campaign") ? all.get("campaign").text() : file.replaceFirst(".*/", ""),
        clients,
        peer,
        policies,
        sets,
        sampling,
        all.containsKey("seed") ? all.get("seed").whole(Long.MIN_VALUE, Long.MAX_VALUE) : 1,
        text);
  }

  private static void mustSuitExhaustive(YamlValue at, List<String> policies, List<FaultSet> sets) {
    FaultSet first = sets.get(0);
    boolean single =
        sets.size() == 1
            && policies.size() == 1
            && (first.kind() == FaultClass.PRIVATE
                || first.kind() == FaultClass.REGISTER && first.places().isEmpty())
            && first.services().size() == 1;
    boolean plain =
        first.bits() == 1
            && first.mode() == Fault.Mode.FLIP
            && first.then() == null
            && first.when().equals(When.UNIFORM);
    if (!single || !plain) {
      throw at.wrong(
          "exhaustive covers single flips of registers, or of private memory, of one service under"
              + " one policy, as in faults: [{kind: register, services: [store]}]");
    }
  }

  private static void addOnce(List<String> words, String word, YamlValue at) {
    if (words.contains(word)) {
      throw at.wrong(word + " is given twice");
    }
    words.add(word);
  }

  private static String clients(YamlValue value) {
    List<String> names = new ArrayList<>();
    for (YamlValue one : value.list()) {
      for (String name : one.text().split(",", -1)) {
        addOnce(names, name.strip(), one);
      }
    }
    String clients = String.join(",", names);
    try {
      return Boot.checked("none", clients).run();
    } catch (LabException e) {
      throw value.wrong(e.getMessage());
    }
  }

  private static List<FaultSet> faults(YamlValue value, boolean hasPeer) {
    if (value == null) {
      return FaultClass.basic().stream().map(k -> FaultSet.of(k, List.of())).toList();
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

  private static FaultSet faultSet(YamlValue value) {
    if (!value.isMap()) {
      return FaultSet.of(FaultClass.of(value.word(FaultClass.words())), List.of());
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

  private static FaultSet single(YamlValue value, Map<String, YamlValue> all) {
    if (!all.containsKey("kind")) {
      throw value.wrong("kind is missing; there are " + String.join(", ", FaultClass.words()));
    }
    FaultClass kind = FaultClass.of(all.get("kind").word(FaultClass.words()));
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
    }
    if (bits > 1 && !places.isEmpty() && places.stream().noneMatch(kind::hasBits)) {
      throw all.get("bits").wrong(String.join(", ", places) + ": no bits there");
    }
    return new FaultSet(name, kind, services, places, bits, mode, When.UNIFORM, 1, null, false);
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

  private static When when(YamlValue value, FaultClass kind) {
    List<String> known = new ArrayList<>(WHEN_KEYS);
    known.add(SERVICE);
    Map<String, YamlValue> all = new LinkedHashMap<>(value.map(known));
    YamlValue service = all.remove(SERVICE);
    if (all.size() != 1) {
      throw value.wrong("give one of " + String.join(", ", WHEN_KEYS));
    }
    When what = when(all);
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

  private static Sampling sampling(YamlValue value) {
    Map<String, YamlValue> all = value.map(SAMPLING_KEYS);
    List<String> methods =
        Arrays.stream(Sampling.Method.values()).map(Sampling.Method::word).toList();
    Sampling.Method method = Sampling.Method.STRATIFIED;
    if (all.containsKey("method")) {
      method = Sampling.Method.values()[methods.indexOf(all.get("method").word(methods))];
    }
    if (method == Sampling.Method.EXHAUSTIVE) {
      return exhaustive(value, all);
    }
    for (String key : List.of("from", "instructions")) {
      if (all.containsKey(key)) {
        throw all.get(key).wrong("it belongs to method: exhaustive");
      }
    }
    if (all.containsKey("trials") == all.containsKey("precision")) {
      throw value.wrong("give either trials, or a precision such as \"±0.1 % at 95 %\"");
    }
    if (all.containsKey("trials")) {
      if (all.containsKey("expected")) {
        throw all.get("expected").wrong("it belongs to a precision; the number of trials is given");
      }
      return new Sampling(method, all.get("trials").whole(1, Sampling.MOST), null, 0);
    }
    double expected = Precision.WORST;
    if (all.containsKey("expected")) {
      Matcher m =
          Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%").matcher(all.get("expected").text());
      if (!m.matches() || Double.parseDouble(m.group(1)) > 100) {
        throw all.get("expected").wrong("give a share such as 98.5 %");
      }
      expected = Double.parseDouble(m.group(1)) / 100;
    }
    Precision precision = precision(all.get("precision"));
    long trials = precision.trials(expected);
    if (trials > Sampling.MOST) {
      throw all.get("precision").wrong("that takes " + trials + " trials, which is too many");
    }
    return new Sampling(method, trials, precision, expected);
  }

  private static Sampling exhaustive(YamlValue value, Map<String, YamlValue> all) {
    for (String key : List.of("trials", "precision", "expected")) {
      if (all.containsKey(key)) {
        throw all.get(key).wrong("exhaustive campaigns make as many runs as it takes");
      }
    }
    if (!all.containsKey("instructions")) {
      throw value.wrong("say how long the window is, as in instructions: 200");
    }
    long first = all.containsKey("from") ? all.get("from").whole(0, Sampling.MOST) : 0;
    int length = (int) all.get("instructions").whole(1, MOST_INSTRUCTIONS);
    return new Sampling(
        Sampling.Method.EXHAUSTIVE, 0, null, 0, new Sampling.Window(first, length, "", -1, -1));
  }

  private static Precision precision(YamlValue value) {
    try {
      return Precision.parse(value.text());
    } catch (LabException e) {
      throw value.wrong(e.getMessage());
    }
  }
}
