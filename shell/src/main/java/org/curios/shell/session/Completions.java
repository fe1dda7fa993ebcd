package org.curios.shell.session;

import java.util.List;
import java.util.stream.Stream;
import org.curios.lab.Names;

/** What the words of a command can be. */
final class Completions {
  private Completions() {}

  static List<String> of(String command, int word, Shell shell) {
    return switch (command) {
      case "crash" -> word == 1 ? SystemCommands.serviceNames(shell) : Names.CRASHES;
      case "ssr", "handles" -> SystemCommands.serviceNames(shell);
      case "policy" -> Names.POLICIES;
      case "break", "b", "until", "watch", "x", "disas", "mmu", "info" ->
          Stream.concat(Stream.of("$pc", "$sp", "$lr"), shell.symbols().names().stream()).toList();
      case "restore" ->
          List.copyOf(shell.session().call(m -> shell.session().history().named().keySet()));
      case "help" -> List.copyOf(shell.commands().keySet());
      default -> List.of();
    };
  }
}
