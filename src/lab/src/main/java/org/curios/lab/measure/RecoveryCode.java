package org.curios.lab.measure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.program.Program;
import org.curios.lab.program.Symbols;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.dwarf.LineTable.Line;

/** How much code the guest has for the failures of services, and in which of its parts. */
public final class RecoveryCode {
  /** Whose code it is. */
  public enum Group {
    /** Clients of trials, under policy {@code aware} only, by source file. */
    LAYER("the clients' layer under aware"),
    /** The clients of trials, without that layer, by source file. */
    CLIENTS("the clients without it"),
    /** Constructors and recovery routines, by service. */
    SERVICES("routines of services"),
    /** Restarts, states, repeated requests and kept memory in the kernel, by source file. */
    KERNEL("the kernel, for all services");

    private final String text;

    Group(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A part of the code.
   *
   * @param group whose
   * @param name a source file or a service
   * @param lines lines of source that have code
   * @param bytes of code, with its literals
   */
  public record Part(Group group, String name, int lines, int bytes) {}

  private static final List<String> CLIENTS =
      List.of("clients/trials.cc", "clients/trials_files.cc", "clients/trials_net.cc");
  private static final List<String> KERNEL =
      List.of("cuik/recovery.cc", "cuik/state.cc", "cuik/request.cc", "cuik/kept.cc");
  private static final String LAYER = "clients/aware";
  private static final Set<String> ROUTINES = Set.of("construct", "recover");

  private final Program program;
  private final Map<Group, Map<String, Set<Line>>> lines = new TreeMap<>();
  private final Map<Group, Map<String, Integer>> bytes = new TreeMap<>();

  private RecoveryCode(Program program) {
    this.program = program;
  }

  /**
   * Measures the image that comes with the laboratory.
   *
   * @return parts, by group and name
   */
  public static List<Part> measure() {
    Image image;
    try {
      image = Image.parse("curios", Images.curios(""));
    } catch (ImageException e) {
      throw new LabException(e.getMessage());
    }
    RecoveryCode code = new RecoveryCode(new Program(image));
    Set<Integer> seen = new HashSet<>();
    for (Image.Symbol s : image.symbols()) {
      if (s.function() && s.size() > 0 && seen.add(s.address())) {
        code.add(s);
      }
    }
    return code.parts();
  }

  private void add(Image.Symbol s) {
    String unit = program.variables().unit(s.address());
    if (unit == null) {
      return;
    }
    String name = Symbols.readable(s.name());
    if (unit.startsWith(LAYER)) {
      add(Group.LAYER, unit, s);
    } else if (CLIENTS.contains(unit)) {
      add(Group.CLIENTS, unit, s);
    } else if (KERNEL.contains(unit)) {
      add(Group.KERNEL, unit, s);
    } else if (ROUTINES.contains(name.substring(name.lastIndexOf(':') + 1))) {
      String[] path = unit.split("/", -1);
      if (path[0].equals("services") || path[0].equals("drivers")) {
        add(Group.SERVICES, path[1].replace(".cc", ""), s);
      }
    }
  }

  private void add(Group group, String name, Image.Symbol s) {
    Set<Line> known =
        lines
            .computeIfAbsent(group, g -> new TreeMap<>())
            .computeIfAbsent(name, n -> new HashSet<>());
    known.add(program.lines().at(s.address()));
    program.lines().startsWithin(s.address(), s.size()).stream()
        .map(program.lines()::at)
        .forEach(known::add);
    bytes.computeIfAbsent(group, g -> new TreeMap<>()).merge(name, s.size(), Integer::sum);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    bytes.forEach((group, all) ->
        all.forEach(
            (name, n) -> parts.add(new Part(group, name, lines.get(group).get(name).size(), n))));
    return parts;
  }
}
