package org.curios.lab.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;

/** The sockets of the TCP/IP service, read from its kept memory. */
public final class Sockets {
  private static final String TYPE = "NetKept";
  private static final String NET = "net";
  private static final double TICK_MS = 1.024;

  private final View view;
  private final Obj net;
  private final Dictionary words;

  private Sockets(View view, Obj net) {
    this.view = view;
    this.net = net;
    this.words = view.words();
  }

  /**
   * A socket.
   *
   * @param number its number, which clients know
   * @param kind tcp, udp or echo
   * @param state of TCP as RFC 9293 names them; empty for others
   * @param client its client; empty if that has closed it
   * @param local address and port
   * @param remote address and port; empty if there is none
   * @param unacknowledged bytes that have been sent and are not acknowledged
   * @param queued bytes that have not been sent
   * @param unread bytes that the client has not read
   * @param window of the peer, bytes
   * @param congestionWindow bytes
   * @param retransmissionMs the time after which something is sent again, milliseconds
   * @param dueMs when something is sent again, milliseconds since the machine started; -1 for never
   */
  public record Socket(
      int number,
      String kind,
      String state,
      String client,
      String local,
      String remote,
      long unacknowledged,
      long queued,
      long unread,
      long window,
      long congestionWindow,
      long retransmissionMs,
      double dueMs) {}

  /** Returns the sockets of a guest; none if it has no TCP/IP service. */
  public static List<Socket> of(View view) {
    Obj net =
        view.objects().stream()
            .filter(o -> o.isService() && o.name().equals(NET))
            .findFirst()
            .orElse(null);
    if (net == null) {
      return List.of();
    }
    Sockets s = new Sockets(view, net);
    List<Socket> all = new ArrayList<>();
    for (int i = 0; i < view.elements(TYPE, "controls.id"); i++) {
      if (s.get(i, "kind") != 0) {
        all.add(s.socket(i));
      }
    }
    return all;
  }

  private long get(int index, String field) {
    String name = "controls." + field;
    int offset = view.offset(TYPE, name) + index * view.stride(TYPE, name);
    int physical = view.memory().kept(net, offset);
    return physical == -1
        ? 0
        : Integer.toUnsignedLong(view.machine().bus().read(physical, view.bytes(TYPE, name)));
  }

  private Socket socket(int i) {
    int kind = (int) get(i, "kind");
    int state = (int) get(i, "state");
    boolean tcp = kind == words.number(Kind.SOCKET, "tcp");
    boolean established = tcp && state >= words.number(Kind.TCP, "established");
    long ports = get(i, "ports");
    long owner = get(i, "owner");
    long ended = (get(i, "flags") & words.constant("SOCKET_ENDED")) != 0 ? 1 : 0;
    return new Socket(
        (int) get(i, "id"),
        words.name(Kind.SOCKET, kind),
        tcp ? words.name(Kind.TCP, state) : "",
        owner == 0 ? "" : view.nameOf((int) owner),
        endpoint(get(i, "local"), ports >> 16),
        get(i, "remote") == 0 ? "" : endpoint(get(i, "remote"), ports & 0xffff),
        tcp ? span(i, "max", "una") : 0,
        established ? Math.max(0, span(i, "queued", "nxt")) : 0,
        tcp && !established ? 0 : Math.max(0, span(i, "received", "read") - ended),
        get(i, "window"),
        get(i, "cwnd"),
        Math.round(get(i, "rto") * TICK_MS),
        get(i, "due") == 0 ? -1 : get(i, "due") * TICK_MS);
  }

  /** The difference of two sequence numbers. */
  private int span(int i, String to, String from) {
    return (int) (get(i, to) - get(i, from));
  }

  private static String endpoint(long address, long port) {
    return address == 0
        ? "*:" + port
        : String.format(
            Locale.ROOT,
            "%d.%d.%d.%d:%d",
            address >> 24,
            address >> 16 & 0xff,
            address >> 8 & 0xff,
            address & 0xff,
            port);
  }
}
