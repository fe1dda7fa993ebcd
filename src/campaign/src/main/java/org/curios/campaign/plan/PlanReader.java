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
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.campaign.stat.Precision;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.trial.Fault;
import org.curios.lab.trial.FaultClass;
import org.curios.lab.trial.Trial;

/** Reads plans; errors are reported with line, column and reason. */
public final class PlanReader {
  private static final List<String> KEYS =
      List.of(
          "campaign",
          "clients",
          "peer",
          "policies",
          "faults",
          "sampling",
          "seed",
          ForeignReader.IMAGE,
          ForeignReader.TICKS,
          ForeignReader.PATIENCE,
          ForeignReader.MEMORY);
  private static final List<String> SAMPLING_KEYS =
      List.of("method", "trials", "precision", "expected", "from", "instructions");

  /** The policy that goes back to earlier states of the whole machine. */
  private static final String SNAPSHOT = "snapshot";

  private static final String QUICK = "quick.yaml";
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
    return read(file, ImageFiles.nextTo(file));
  }

  /**
   * Reads the file of a campaign that has begun.
   *
   * @param image the image that it runs; null for CuriOS
   * @throws LabException when it cannot be read or is no plan
   */
  public static Plan reread(Path file, Path image) {
    return read(file, image == null ? ImageFiles.none() : ImageFiles.known(image));
  }

  private static Plan read(Path file, ImageFiles images) {
    try {
      return parse(file.toString(), Files.readString(file), images);
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
   * Reads the text of a plan, which cannot name an image.
   *
   * @param file its name, for messages
   * @throws LabException when it is none
   */
  public static Plan parse(String file, String text) {
    return parse(file, text, ImageFiles.none());
  }

  private static Plan parse(String file, String text, ImageFiles images) {
    YamlValue root = YamlValue.parse(file, text);
    Map<String, YamlValue> all = root.map(KEYS);
    Foreign foreign = ForeignReader.read(all, images);
    String clients = foreign == null ? Plan.MIXED : "";
    if (all.containsKey("clients")) {
      clients = clients(all.get("clients"));
    }
    String peer = all.containsKey("peer") ? clients(all.get("peer")) : "";
    List<String> policies = new ArrayList<>();
    if (foreign != null) {
      policies.add(Foreign.POLICY);
    } else if (all.containsKey("policies")) {
      for (YamlValue policy : all.get("policies").list()) {
        FaultReader.addOnce(policies, policy.word(Trial.policies()), policy);
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
    List<FaultSet> sets =
        new FaultReader(!peer.isEmpty(), foreign, images).faults(all.get("faults"));
    Sampling sampling = sampling(all.get("sampling"));
    if (sampling.window() != null && foreign != null) {
      throw all.get("sampling").wrong("exhaustive covers services of CuriOS; leave image out");
    }
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
        text,
        foreign);
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

  private static String clients(YamlValue value) {
    List<String> names = new ArrayList<>();
    for (YamlValue one : value.list()) {
      for (String name : one.text().split(",", -1)) {
        FaultReader.addOnce(names, name.strip(), one);
      }
    }
    String clients = String.join(",", names);
    try {
      return Boot.checked("none", clients).run();
    } catch (LabException e) {
      throw value.wrong(e.getMessage());
    }
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
