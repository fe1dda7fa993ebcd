// TCP: segment arrival (RFC 9293, 3.10.7, with RFC 5961 against forged segments).
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 HEADER = 20;

[[gnu::noinline]] Control *find_connection(const Segment &s) {
  for (u32 i = 0; i < used_sockets; i++) {
    Control &c = controls[i];
    if (c.ports == s.ports && c.kind == Kind::TCP && c.remote == s.source && c.local == s.destination) return &c;
  }
  return nullptr;
}

// Looks twice: a segment that seems to belong to nobody is lost, and sent again only after a second.
Control *connection(const Segment &s) {
  Control *c = find_connection(s);
  return c != nullptr ? c : find_connection(*anew(&s));
}

Control *listener(const Segment &s) {
  for (u32 i = 0; i < used_sockets; i++) {
    Control &c = controls[i];
    if (c.kind == Kind::TCP && c.state == State::LISTEN && c.local_port() == s.ports >> 16) return &c;
  }
  return nullptr;
}

void answer(const Segment &s, u32 flags, u32 seq, u32 ack, u32 mss = 0) {
  Segment a{};
  a.source = s.destination;
  a.destination = s.source;
  a.ports = s.ports << 16 | s.ports >> 16;
  a.seq = seq;
  a.ack = ack;
  a.window = (flags & RST) != 0 ? 0 : RING;
  a.flags = static_cast<u8>(flags);
  a.mss = static_cast<u16>(mss);
  a.from = NO_SOCKET;
  emit(a);
}

// Answers a segment that belongs to no connection.
SELDOM void refuse(const Segment &s) {
  if ((s.flags & RST) != 0) return;
  u32 length = s.bytes + (s.flags & SYN ? 1 : 0) + (s.flags & FIN ? 1 : 0);
  if ((s.flags & ACK) != 0)
    answer(s, RST, s.ack, 0);
  else
    answer(s, RST | ACK, 0, s.seq + length);
}

// A listener whose backlog is full answers a SYN without storing anything: its initial sequence number encodes all that
// it needs when the peer acknowledges it (SYN cookies). The two lowest bits encode the segment size.
constexpr u32 COOKIE_SIZES[] = {536, 1220, 1440, 1460};
constexpr u32 COOKIE_LIFE = 16;      // ticks >> this: 67 seconds

u32 cookie(const Segment &s, u32 seq, u32 age, u32 size) {
  u32 when = (now() >> COOKIE_LIFE) - age;
  return (secret_number(s.source, s.destination ^ seq, s.ports, 0x80000000u | when) & ~3u) | size;
}

SELDOM void send_cookie(const Segment &s) {
  u32 size = 3;
  while (size > 0 && COOKIE_SIZES[size] > s.mss) size--;
  answer(s, SYN | ACK, cookie(s, s.seq, 0, size), s.seq + 1, mss_for(s.source));
}

// The segment size encoded in a cookie, or 0 if the cookie is invalid.
u32 cookie_size(const Segment &s) {
  u32 was = s.ack - 1;
  for (u32 age = 0; age < 2; age++)
    if (cookie(s, s.seq - 1, age, was & 3) == was) return COOKIE_SIZES[was & 3];
  return 0;
}

struct Backlog {
  u32 half_open = 0, whole = 0;
};
Backlog backlog_of(const Control &l) {
  Backlog b;
  for (u32 i = 0; i < used_sockets; i++) {
    const Control &c = controls[i];
    if (c.kind == Kind::TCP && c.listener == l.id) (c.state == State::SYN_RECEIVED ? b.half_open : b.whole)++;
  }
  return b;
}

Control *new_connection(const Segment &s, const Control &l, u32 irs) {
  Control *c = socket_new(Kind::TCP, l.owner);
  if (c == nullptr) return nullptr;
  c->to(c->local, s.destination);
  c->to(c->remote, s.source);
  c->to(c->ports, s.ports);
  c->to(c->listener, l.id);
  c->to(c->flags, l.flags & NO_DELAY);
  c->to(c->keep_alive, l.keep_alive);
  c->to(c->irs, irs);
  c->to(c->received, irs + 1);
  c->to(c->read, irs + 1);
  c->to(c->edge, irs + 1 + RING);
  return c;
}

void window_is(Control &c, const Segment &s) {
  c.to(c.window, s.window);
  c.to(c.window_seq, s.seq);
  c.to(c.window_ack, s.ack);
  if (s.window > c.largest_window) c.to(c.largest_window, s.window);
}

void established(Control &c) {
  c.to(c.state, State::ESTABLISHED);
  c.to(c.due, 0);
  c.to(c.tries, 0);
  if (c.keep_alive != 0) c.to(c.idle_due, after(c.keep_alive));
  socket_wakes(c);
  if (Control *l = socket_of(c.listener)) socket_wakes(*l);
}

[[gnu::noinline]] void at_listener(Control &l, Segment &s) {
  if ((s.flags & RST) != 0) return;
  Backlog b = backlog_of(l);
  if ((s.flags & ACK) != 0) {
    u32 size = (s.flags & SYN) != 0 ? 0 : cookie_size(s);
    if (size == 0) return refuse(s);
    if (b.whole >= l.backlog) return;
    Control *c = new_connection(s, l, s.seq - 1);
    if (c == nullptr) return;
    c->to(c->iss, s.ack - 1);
    c->to(c->una, s.ack);
    c->to(c->nxt, s.ack);
    c->to(c->max, s.ack);
    c->to(c->queued, s.ack);
    tcp_start(*c, size);
    window_is(*c, s);
    established(*c);
    if (s.bytes != 0 || (s.flags & FIN) != 0) tcp_input(s);
    return;
  }
  if ((s.flags & SYN) == 0 || b.whole >= l.backlog) return;
  Control *c = b.half_open < l.backlog ? new_connection(s, l, s.seq) : nullptr;
  if (c == nullptr) return send_cookie(s);
  c->to(c->state, State::SYN_RECEIVED);
  tcp_open(*c);
  tcp_start(*c, s.mss);
  window_is(*c, s);
}

[[gnu::noinline]] void in_syn_sent(Control &c, Segment &s) {
  bool acked = (s.flags & ACK) != 0;
  if (acked && s.ack != c.iss + 1) return refuse(s);
  if ((s.flags & RST) != 0) {
    if (acked) tcp_ends(c, NET_REFUSED);
    return;
  }
  if ((s.flags & SYN) == 0) return;
  c.to(c.irs, s.seq);
  c.to(c.received, s.seq + 1);
  c.to(c.read, s.seq + 1);
  c.to(c.edge, s.seq + 1 + RING);
  if (!acked) {   // simultaneous open
    c.to(c.state, State::SYN_RECEIVED);
    tcp_start(c, s.mss);
    window_is(c, s);
    return tcp_send_syn(c);
  }
  u32 rto = c.rto;
  tcp_start(c, s.mss);
  c.to(c.rto, rto);
  c.to(c.una, s.ack);
  tcp_measured(c);
  c.clear(TIMING);
  window_is(c, s);
  established(c);
  c.set(ACK_NOW);
  tcp_output(c);
}

bool acceptable(const Control &c, const Segment &s) {
  u32 window = c.edge - c.received, span = s.bytes + (s.flags & SYN ? 1 : 0) + (s.flags & FIN ? 1 : 0);
  u32 first = s.seq - c.received, last = s.seq + span - 1 - c.received;
  if (span == 0) return window == 0 ? first == 0 : first < window;
  return window != 0 && (first < window || last < window);
}

void acknowledged(Control &c, const Segment &s) {
  u32 bytes = s.ack - c.una;
  if (c.has(TIMING) && !before(s.ack, c.timed_seq)) {
    tcp_measured(c);
    c.clear(TIMING);
  }
  u32 flight = c.max - c.una;
  c.to(c.una, s.ack);
  if (before(c.nxt, c.una)) c.to(c.nxt, c.una);
  c.to(c.tries, 0);
  c.to(c.due, 0);     // tcp_output restarts it if data are in flight
  if (c.has(RECOVERING)) {
    if (before(s.ack, c.recover)) {   // partial acknowledgement: the next hole (RFC 6582, 3.2)
      c.to(c.cwnd, c.cwnd > bytes ? c.cwnd - bytes + c.mss : c.mss);
      tcp_retransmit(c);
    } else {
      c.to(c.cwnd, least(c.ssthresh, most(c.max - c.una, c.mss) + c.mss));
      c.clear(RECOVERING);
    }
  } else if (flight * 2 >= c.cwnd) {  // an unused window does not grow
    if (c.cwnd < c.ssthresh) {
      c.to(c.cwnd, c.cwnd + least(bytes, c.mss));
    } else {
      c.to(c.credit, c.credit + bytes);
      if (c.credit >= c.cwnd) {
        c.to(c.credit, c.credit - c.cwnd);
        c.to(c.cwnd, c.cwnd + c.mss);
      }
    }
    if (c.cwnd > 0xffff) c.to(c.cwnd, 0xffff);
  }
  c.to(c.dups, 0);
  socket_wakes(c);
}

SELDOM void duplicate(Control &c) {
  constexpr u32 ENOUGH = 3;
  if (c.dups < 0xff) c.to(c.dups, c.dups + 1);
  if (c.dups == ENOUGH && !c.has(RECOVERING) && before(c.recover, c.una)) {
    c.to(c.ssthresh, most((c.max - c.una) / 2, 2u * c.mss));
    c.to(c.recover, c.max);
    c.set(RECOVERING);
    tcp_retransmit(c);
    c.to(c.cwnd, c.ssthresh + ENOUGH * c.mss);
  } else if (c.dups > ENOUGH && c.has(RECOVERING)) {
    c.to(c.cwnd, least(c.cwnd + c.mss, 0xffff));
  }
}

// False: the segment is not processed further.
bool acknowledgement(Control &c, const Segment &s) {
  if (before(c.max, s.ack) || before(s.ack, c.una - c.largest_window)) {   // RFC 5961, 5.2
    c.set(ACK_NOW);
    return false;
  }
  u32 was = c.window;
  bool new_window = before(c.window_seq, s.seq) || (c.window_seq == s.seq && !before(s.ack, c.window_ack));
  if (before(c.una, s.ack))
    acknowledged(c, s);
  else if (s.ack == c.una && s.bytes == 0 && s.window == was && c.una != c.max && (s.flags & FIN) == 0)
    duplicate(c);
  if (new_window && !before(s.ack, c.una)) {
    window_is(c, s);
    if (was == 0 && s.window != 0) {
      c.to(c.nxt, c.una);
      c.to(c.due, 0);
      c.to(c.tries, 0);
    }
  }
  if (c.queued + 1 != c.una) return true;   // our FIN is not yet acknowledged
  switch (c.state) {
    case State::FIN_WAIT_1:
      c.to(c.state, State::FIN_WAIT_2);
      if (c.owner == NOBODY) {
        c.to(c.due, roughly_after(60000));
        timer_runs();
      }
      return true;
    case State::CLOSING:
      tcp_time_wait(c);
      return true;
    case State::LAST_ACK:
      tcp_ends(c, OK);
      return false;
    default:
      return true;
  }
}

// Records bytes received out of order. If there are too many holes, they are dropped, and the peer sends them again.
void note_early(Control &c, u32 from, u32 to) {
  for (Range &r : c.early) {
    if (r.from == r.to || before(to, r.from) || before(r.to, from)) continue;
    if (before(r.from, from)) from = r.from;
    if (before(to, r.to)) to = r.to;
    c.to(r.to, r.from);
  }
  for (Range &r : c.early) {
    if (r.from != r.to) continue;
    c.to(r.from, from);
    c.to(r.to, to);
    return;
  }
}

bool has_room_for_early(const Control &c, u32 from, u32 to) {
  for (const Range &r : c.early)
    if (r.from == r.to || !(before(to, r.from) || before(r.to, from))) return true;
  return false;
}

SELDOM void early(Control &c, u32 from, u32 to, const u8 *data) {
  c.set(c.has(ACK_SOON) ? ACK_NOW : ACK_NOW | DUPLICATE);
  if (!has_room_for_early(c, from, to)) return;
  ring_put(receive_ring(c), from - c.irs - 1, data, to - from);
  note_early(c, from, to);
}

// Whether bytes received before fill a gap now.
bool has_early(const Control &c) {
  for (const Range &r : c.early)
    if (r.from != r.to && !before(c.received, r.from)) return true;
  return false;
}

SELDOM void take_early(Control &c) {
  for (u32 again = 0; again < RANGES; again++) {
    for (Range &r : c.early) {
      if (r.from == r.to || before(c.received, r.from)) continue;
      if (before(c.received, r.to)) c.to(c.received, r.to);
      c.to(r.to, r.from);
    }
  }
}

void text(Control &c, Segment &s) {
  u32 from = s.seq, to = s.seq + s.bytes;
  const u8 *data = s.data;
  if (before(from, c.received)) {
    data += c.received - from;
    from = c.received;
  }
  if (before(c.edge, to)) {
    to = c.edge;
    s.flags &= ~FIN;
  }
  if (!before(from, to)) return;
  if (from != c.received) return early(c, from, to, data);
  ring_put(receive_ring(c), from - c.irs - 1, data, to - from);
  c.to(c.received, to);
  bool filled = has_early(c);
  if (filled) take_early(c);
  if (filled || c.has(ACK_SOON)) {
    c.set(ACK_NOW);
  } else {
    c.set(ACK_SOON);
    c.to(c.ack_due, after(40));
    timer_runs();
  }
  socket_wakes(c);
}

[[gnu::noinline]] void fin(Control &c, const Segment &s) {
  if (s.seq + s.bytes != c.received || c.has(ENDED)) return;
  c.set(ENDED | ACK_NOW);
  c.to(c.received, c.received + 1);
  switch (c.state) {
    case State::ESTABLISHED:
      c.to(c.state, State::CLOSE_WAIT);
      break;
    case State::FIN_WAIT_1:
      c.to(c.state, State::CLOSING);
      break;
    default:
      tcp_time_wait(c);
  }
  socket_wakes(c);
}

SELDOM void unacceptable(Control &c, const Segment &s) {
  if ((s.flags & RST) != 0) return;
  if (c.state == State::SYN_RECEIVED && (s.flags & SYN) != 0 && s.seq == c.irs) return tcp_send_syn(c);
  if (c.state == State::TIME_WAIT) c.to(c.due, roughly_after(60000));
  c.set(ACK_NOW);
  tcp_output(c);
}

void synchronized(Control &c, Segment &s) {
  if (!acceptable(c, s)) return unacceptable(c, s);
  if ((s.flags & RST) != 0) {
    if (c.state == State::TIME_WAIT) return;   // RFC 1337
    if (s.seq == c.received) return tcp_ends(c, c.state == State::SYN_RECEIVED ? NET_REFUSED : NET_RESET);
    c.set(ACK_NOW);   // RFC 5961, 3.2
    return tcp_output(c);
  }
  if ((s.flags & SYN) != 0 && c.state != State::SYN_RECEIVED) {
    c.set(ACK_NOW);   // RFC 5961, 4.2
    return tcp_output(c);
  }
  if ((s.flags & ACK) == 0) return;
  if (c.state == State::SYN_RECEIVED) {
    if (s.ack != c.iss + 1) return refuse(s);
    if (c.has(TIMING)) tcp_measured(c);
    c.clear(TIMING);
    c.to(c.una, s.ack);
    window_is(c, s);
    established(c);
  }
  if (c.keep_alive != 0) {
    c.to(c.idle_due, after(c.keep_alive));
    if (c.una == c.max) c.to(c.tries, 0);
  }
  if (!acknowledgement(c, s)) {
    if (c.kind == Kind::TCP) tcp_output(c);
    return;
  }
  bool takes = c.state == State::ESTABLISHED || c.state == State::FIN_WAIT_1 || c.state == State::FIN_WAIT_2;
  if (takes && s.bytes != 0) {
    if (c.owner == NOBODY) {   // its client has closed it, so nothing will read the data
      tcp_reset(c);
      return tcp_ends(c, NET_RESET);
    }
    text(c, s);
  }
  if (takes && (s.flags & FIN) != 0) fin(c, s);
  tcp_output(c);
}

}  // namespace

void tcp_input(Segment &s) {
  Control *c = connection(s);
  // A new connection may replace one in TIME-WAIT (RFC 9293, 3.6.1).
  if (c != nullptr && c->state == State::TIME_WAIT && (s.flags & (SYN | RST | ACK)) == SYN && before(c->received, s.seq)) {
    socket_free(*c);
    c = nullptr;
  }
  if (c == nullptr) {
    Control *l = listener(s);
    return l == nullptr ? refuse(s) : at_listener(*l, s);
  }
  touch(*c);
  if (c->state == State::SYN_SENT)
    in_syn_sent(*c, s);
  else
    synchronized(*c, s);
}

static u32 mss_option(const u8 *options, u32 bytes) {
  for (u32 i = 0; i < bytes && options[i] != 0;) {
    if (options[i] == 1) {
      i++;
      continue;
    }
    if (i + 1 >= bytes || options[i + 1] < 2 || options[i + 1] > bytes - i) break;
    if (options[i] == 2 && options[i + 1] == 4) return get16(options + i + 2);
    i += options[i + 1];
  }
  return 0;
}

void tcp_packet(u32 source, u32 destination, const u8 *p, u32 bytes) {
  if (bytes < HEADER || destination != host.address) return;
  u32 header = (p[12] >> 4) * 4u;
  if (header < HEADER || header > bytes) return;
  if (finish_sum(sum16(p, bytes, pseudo_sum(source, destination, TCP, bytes))) != 0) return;
  Segment s{};
  s.source = source;
  s.destination = destination;
  s.ports = get16(p + 2) << 16 | get16(p);
  s.seq = get32(p + 4);
  s.ack = get32(p + 8);
  s.window = get16(p + 14);
  s.flags = p[13] & 0x1f;
  s.bytes = static_cast<u16>(bytes - header);
  s.data = p + header;
  if ((s.flags & SYN) != 0) {
    s.mss = static_cast<u16>(mss_option(p + HEADER, header - HEADER));
    s.bytes = 0;   // the peer retransmits data once the connection is established
    if ((s.flags & FIN) != 0) return;
  }
  tcp_input(s);
}

// An ICMP error about a sent segment (RFC 5927: accepted only if the segment is in flight).
void tcp_unreachable(u32 remote, u32 local, u32 ports, u32 seq, u32 code, u32 mtu) {
  Segment s{};
  s.source = remote;
  s.destination = local;
  s.ports = ports;
  Control *c = connection(s);
  if (c == nullptr || before(seq, c->una) || !before(seq, c->max)) return;
  touch(*c);
  constexpr u32 FRAGMENTATION_NEEDED = 4;
  if (code == FRAGMENTATION_NEEDED && mtu >= 296 && mtu - 40 < c->mss && c->state != State::SYN_SENT) {
    c->to(c->mss, mtu - 40);
    c->to(c->nxt, c->una);
    tcp_output(*c);
  } else if (code != FRAGMENTATION_NEEDED && c->state == State::SYN_SENT) {
    tcp_ends(*c, code == ICMP_PORT || code == ICMP_PROTOCOL ? NET_REFUSED : NET_UNREACHABLE);
  }
}

}  // namespace curios::net
