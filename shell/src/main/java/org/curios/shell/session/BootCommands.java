package org.curios.shell.session;

import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.session.Session;
import org.curios.lab.session.SessionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commands that reboot the machine. */
@Command(name = "boot")
final class BootCommands {
  private final Shell shell;

  BootCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      customSynopsis = "policy [NAME]",
      description = {
        "Show the recovery policy of the kernel; with a name, reboot with that policy:",
        "",
        HelpWords.POLICIES,
        ""
      },
      footer = {"Examples:", "  policy", "  policy restart"})
  void policy(@Parameters(arity = "0..1", paramLabel = "NAME") String name, @Mixin Json json) {
    String now = shell.look(v -> v.words().name(Kind.POLICY, v.policy()));
    if (name == null) {
      shell.say(
          json.on
              ? Json.of(TextTable.row("policy", now))
              : now + "; policy NAME reboots with another");
      return;
    }
    reboot(boot().withPolicy(name, shell.look(v -> v.words())));
    shell.say(now.equals(name) ? "rebooted" : "rebooted with policy " + name);
  }

  private Boot boot() {
    if (!shell.isBootable()) {
      throw new SessionException("this image takes no boot arguments");
    }
    return shell.session().call(m -> Boot.of(m, shell.program().symbols()));
  }

  @Command(
      customSynopsis = "reboot [CLIENTS]",
      description = {
        "Boot again, with the current policy and clients; CLIENTS, separated by commas, replaces the",
        "clients. Named snapshots are kept. A stopped machine stays stopped, at its first instruction."
      },
      footer = {"Examples:", "  reboot", "  reboot shell,mixed"})
  void reboot(@Parameters(arity = "0..1", paramLabel = "CLIENTS") String clients) {
    if (clients != null) {
      reboot(boot().withClients(clients));
    } else {
      reboot(shell.isBootable() ? boot() : null);
    }
    shell.say("rebooted");
  }

  private void reboot(Boot next) {
    Session session = shell.session();
    boolean runs = session.lastStatus().state() != Session.State.STOPPED;
    shell.mustStand();
    session.call(m -> {
      session.history().reset();
      if (next != null) {
        session.history().change(n -> next.write(n, shell.program().symbols()));
      }
      session.moved("at the start");
      return null;
    });
    shell.faultIsKnown();
    if (runs) {
      session.start(Boot.BOOTED);
    }
  }
}
