package org.curios.shell.session;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.Sockets;
import org.curios.lab.guest.Sockets.Socket;
import org.curios.lab.session.SessionException;
import org.curios.machine.net.Decoded;
import org.curios.machine.net.Packets.Packet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Commands that look at the network. */
@Command(name = "network")
final class NetCommands {
  private final Shell shell;

  NetCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      description = {
        "The sockets of the guest: state, windows, timers, waiting bytes.",
        "",
        "unacked: bytes sent but not acknowledged; queued: not sent yet; unread: received but not read by the client. window is the peer's, cwnd the congestion window. timer_ms: time until something is sent again."
      },
      footer = {"Examples:", "  sockets", "  sockets --json", "  sockets | grep established"})
  void sockets(@Mixin Json json) {
    shell.showMade(shell.look(NetCommands::rows), json);
  }

  @Command(
      description = {
        "The last packets on the network cable up to the current tick, decoded.",
        "",
        "who tells whether the machine sent or received the packet."
      },
      footer = {"Examples:", "  packets", "  packets | tail 20", "  packets | grep tcp"})
  void packets(@Mixin Json json) {
    shell.show(
        shell
            .session()
            .call(m -> {
              if (m.packets() == null) {
                throw new SessionException(
                    "there is no network cable; start with --net, such as --net stream:PATH");
              }
              return m.packets().upTo(m.cpu().now()).stream().map(NetCommands::row).toList();
            }),
        json);
  }

  private static Map<String, Object> row(Packet p) {
    Decoded d = Decoded.of(p.frame());
    return TextTable.row(
        "tick", p.tick(),
        "who", p.sent() ? "sent" : "received",
        "bytes", p.frame().length,
        "protocol", d.protocol(),
        "from", d.from(),
        "to", d.to(),
        "info", d.info());
  }

  private static List<Map<String, Object>> rows(View v) {
    double ms = v.machine().cpu().now() * 1000.0 / VirtualClock.HZ;
    return Sockets.of(v).stream()
        .map(s ->
            TextTable.row(
                "socket", String.format(Locale.ROOT, "%x", s.number()),
                "kind", s.kind(),
                "state", s.state(),
                "client", s.client(),
                "local", s.local(),
                "remote", s.remote(),
                "unacked", s.unacknowledged(),
                "queued", s.queued(),
                "unread", s.unread(),
                "window", s.window(),
                "cwnd", s.congestionWindow(),
                "rto_ms", s.retransmissionMs(),
                "timer_ms", timer(s, ms)))
        .toList();
  }

  private static Object timer(Socket s, double nowMs) {
    return s.dueMs() < 0 ? "" : Math.max(0, Math.round(s.dueMs() - nowMs));
  }
}
