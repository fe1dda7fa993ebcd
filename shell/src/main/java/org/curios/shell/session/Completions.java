package org.curios.shell.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Guest;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;

/**
 * Completes commands, filters, options, services, clients, crashes, symbols, registers, IDs, files
 * and names of snapshots.
 */
final class Completions implements Completer {
  private static final List<String> REGISTERS = new ArrayList<>();

  static {
    for (int i = 0; i < 13; i++) {
      REGISTERS.add("$r" + i);
    }
    REGISTERS.addAll(List.of("$sp", "$lr", "$pc", "$cpsr"));
  }

  private final Shell shell;
  private final Completer files = new FileNameCompleter();

  Completions(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void complete(LineReader reader, ParsedLine parsed, List<Candidate> to) {
    List<String> words = parsed.words();
    boolean filter = parsed instanceof LineParser.Part part && part.isFilter();
    if (parsed.wordIndex() == 0) {
      if (filter) {
        Filters.NAMES.forEach(n -> to.add(new Candidate(n)));
      } else {
        commands(to);
      }
      return;
    }
    CommandLine command = filter ? null : shell.interpreter().find(words.get(0));
    if (command == null) {
      return;
    }
    if (parsed.word().startsWith("-")) {
      command
          .getCommandSpec()
          .options()
          .forEach(o -> to.add(described(o.longestName(), String.join(" ", o.description()))));
      return;
    }
    words(command.getCommandName(), words.subList(1, words.size()), reader, parsed, to);
  }

  private void commands(List<Candidate> to) {
    shell
        .interpreter()
        .byFullName()
        .forEach((name, c) ->
            to.add(described(name, c.getCommandSpec().usageMessage().description()[0])));
    shell.interpreter().aliases().forEach((name, text) -> to.add(described(name, text)));
  }

  private static Candidate described(String word, String description) {
    return new Candidate(word, word, null, description, null, null, true);
  }

  /** What can stand at the last of a command's words. */
  private void words(
      String command,
      List<String> words,
      LineReader reader,
      ParsedLine parsed,
      List<Candidate> to) {
    String before = words.size() > 1 ? words.get(words.size() - 2) : "";
    int place = words.size();
    switch (command) {
      case "crash" -> crash(words, before, place, to);
      case "ssr" -> {
        if (before.equals("show")) {
          states(null, to);
          all(services(), to);
        } else if (place == 3) {
          all(clients(), to);
        } else {
          to.add(described("show", "take one apart"));
          all(services(), to);
        }
      }
      case "handles" -> all(objects(), to);
      case "catch" -> all(place == 1 ? events() : services(), to);
      case "policy" -> all(Boot.policies(), to);
      case "bt" -> all(clients(), to);
      case "watch" -> {
        if (before.equals("ssr")) {
          states(null, to);
        } else {
          to.add(described("ssr", "a server state region"));
          all(REGISTERS, to);
          all(shell.program().symbols().names(), to);
        }
      }
      case "break", "tbreak", "until", "list", "disas", "info" -> code(command, place, to);
      case "rwatch", "awatch", "x", "mmu", "print", "set" -> {
        all(REGISTERS, to);
        all(shell.program().symbols().names(), to);
      }
      case "delete", "enable", "disable" -> all(shell.breakpoints().numbers(), to);
      case "back" -> {
        if (before.equals("event")) {
          all(events(), to);
        } else {
          to.add(described("event", "the last event of the kernel"));
        }
      }
      case "restore" -> {
        all(snapshots(), to);
        files.complete(reader, parsed, to);
      }
      case "source" -> files.complete(reader, parsed, to);
      case "campaign" -> {
        if (place == 1) {
          all(CampaignCommands.ACTIONS, to);
        } else {
          files.complete(reader, parsed, to);
        }
      }
      case "snapshot" -> {
        if (before.equals("-o") || before.equals("--output")) {
          files.complete(reader, parsed, to);
        } else {
          all(snapshots(), to);
        }
      }
      case "help" -> all(List.copyOf(shell.interpreter().byFullName().keySet()), to);
      case "unalias" -> all(List.copyOf(shell.interpreter().aliases().keySet()), to);
      default -> {}
    }
  }

  private void code(String command, int place, List<Candidate> to) {
    if (command.equals("info") && place == 1) {
      all(List.of("symbol", "line", "break", "registers", "files", "functions"), to);
      return;
    }
    all(shell.program().symbols().names(), to);
    all(methods(), to);
    for (String file : shell.program().lines().files()) {
      String name = file.substring(file.lastIndexOf('/') + 1) + ":";
      to.add(new Candidate(name, name, null, "a line or function", null, null, false));
    }
    to.add(new Candidate("$pc"));
  }

  private void crash(List<String> words, String before, int place, List<Candidate> to) {
    if (before.equals("--client")) {
      all(clients(), to);
    } else if (place == 1) {
      all(services(), to);
    } else if (before.equals("bitflip")) {
      REGISTERS.forEach(r -> to.add(new Candidate(r.substring(1))));
    } else if (before.equals("ssr") && place > 2) {
      states(words.get(0), to);
    } else if (before.equals("code") && place > 2) {
      all(shell.program().symbols().names(), to);
    } else if (before.equals("error")) {
      all(List.of("read", "write"), to);
    } else if (place == 2) {
      all(crashes(), to);
      all(words.get(0).equals("card") ? List.of("error") : List.of(), to);
      all(waitsForInterrupts(words.get(0)) ? List.of("interrupt") : List.of(), to);
    }
  }

  private static void all(Iterable<String> words, List<Candidate> to) {
    words.forEach(w -> to.add(new Candidate(w)));
  }

  /** Returns the kinds of events that happen. */
  private List<String> events() {
    return isCurios() ? shell.look(v -> v.words().events()) : List.of();
  }

  private List<String> crashes() {
    return isCurios() ? shell.look(v -> v.words().crashes()) : List.of();
  }

  private boolean waitsForInterrupts(String service) {
    return isCurios()
        && shell.look(v ->
            v.objects().stream()
                .anyMatch(o -> o.name().equals(service) && CrashCommands.lines(v, o) != 0));
  }

  private List<String> services() {
    return isCurios() ? shell.look(SystemCommands::serviceNames) : List.of();
  }

  private List<String> clients() {
    return names(o -> !o.isService());
  }

  private List<String> objects() {
    return names(o -> true);
  }

  private List<String> names(java.util.function.Predicate<Guest.Obj> which) {
    return isCurios()
        ? shell.look(v ->
            v.objects().stream()
                .filter(o -> which.test(o) && !SystemCommands.isGone(v, o))
                .map(Guest.Obj::name)
                .toList())
        : List.of();
  }

  /** SERVICE.METHOD of all services. */
  private List<String> methods() {
    if (!isCurios()) {
      return List.of();
    }
    return shell.look(v -> {
      List<String> all = new ArrayList<>();
      for (Guest.Obj o : v.objects()) {
        for (int i = 0; i < v.methods(o).size(); i++) {
          all.add(o.name() + "." + v.methodName(o, i));
        }
      }
      return all;
    });
  }

  private boolean isCurios() {
    return shell.guest().isCurios();
  }

  private List<String> snapshots() {
    return shell.session().call(m -> List.copyOf(shell.session().history().named().keySet()));
  }

  /** IDs of states, with whose they are. */
  private void states(String server, List<Candidate> to) {
    if (!isCurios()) {
      return;
    }
    List<Map.Entry<String, String>> all =
        shell.look(v ->
            v.objects().stream()
                .filter(o -> server == null || o.name().equals(server))
                .flatMap(o -> v.states().of(o).stream())
                .map(s ->
                    Map.entry(
                        Inspector.hex(s.address()),
                        "of "
                            + v.nameOf((int) s.get("owner"))
                            + " in "
                            + v.nameOf((int) s.get("server"))))
                .toList());
    all.forEach(e -> to.add(described(e.getKey(), e.getValue())));
  }
}
