// TCP: what to send, and when (RFC 9293, 3.8; RFC 5681, 6582; Nagle's algorithm, RFC 1122, 4.2.3.4).
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 HEADER = 20, OPTION_MSS = 4;
constexpr u32 MSS_OF_WIRE = MTU - 40, MSS_OF_LOOPBACK = 4096;
constexpr u32 INITIAL_RTO = 1000;    // ticks
// Initial sequence numbers follow a clock of 4 microseconds (RFC 9293, 3.4.1). It is read every 64 ms, so that a crash
// before a connection seldom changes its numbers; in between each socket steps it.
constexpr u32 ISN_A_MILLISECOND = 250, ISN_READ_MS = 64, ISN_SOCKETS = 16;

u32 initial_number(const Control &c) {
  constexpr u32 STEP = ISN_A_MILLISECOND * ISN_READ_MS / ISN_SOCKETS;
  u32 generation = c.id >> 8;
  return now() / ISN_READ_MS * ISN_READ_MS * ISN_A_MILLISECOND + generation % ISN_SOCKETS * STEP +
         secret_number(c.local, c.remote, c.ports, 0);
}

bool sends_data(State s) {
  return s == State::ESTABLISHED || s == State::CLOSE_WAIT || s == State::FIN_WAIT_1 || s == State::CLOSING || s == State::LAST_ACK;
}

Segment segment(Control &c, u32 flags, u32 seq, u32 bytes) {
  Segment s{};
  s.source = c.local;
  s.destination = c.remote;
  s.ports = c.ports << 16 | c.ports >> 16;
  s.seq = seq;
  s.ack = (flags & ACK) != 0 ? c.received : 0;
  s.window = tcp_window(c);
  s.bytes = static_cast<u16>(bytes);
  s.flags = static_cast<u8>(flags);
  s.from = static_cast<u8>(place_of(c));
  return s;
}

// A segment for this machine itself must be contiguous in memory.
u32 one_piece(const Control &c, u32 seq, u32 bytes) {
  if (is_staged(c)) {
    u32 from = staged_from();
    if (!before(seq, from)) return bytes;
    bytes = least(bytes, from - seq);
  }
  return least(bytes, ring_run(seq - c.iss - 1));
}

// Each of the first two duplicate acknowledgements allows one more segment (RFC 3042), which can cause the third one.
u32 limited_transmit(const Control &c) { return c.dups == 0 || c.has(RECOVERING) ? 0 : least(c.dups, 2) * c.mss; }

void arm(Control &c, bool blocked) {
  if (c.due != 0) return;
  if (c.una != c.max || blocked) {
    c.to(c.due, after(c.rto));
    timer_runs();
  }
}

}  // namespace

u32 mss_for(u32 address) { return is_local(address) ? MSS_OF_LOOPBACK : MSS_OF_WIRE; }

// The window grows in steps of at least a segment and never shrinks: `edge` is what was announced to the peer.
u32 tcp_window(Control &c) {
  u32 could = c.read + RING;
  if (!c.has(DUPLICATE) && could - c.edge >= least(RING / 2, c.mss) && before(c.edge, could)) c.to(c.edge, could);
  return c.edge - c.received;
}

// Checks the order of the sequence numbers, since a wrong one would be committed.
bool tcp_is_possible(const Control &c) {
  if (c.state == State::CLOSED || c.state == State::LISTEN || c.state == State::SYN_SENT) return true;
  return c.nxt - c.una <= c.max - c.una && !before(c.queued + 1, c.max) && c.queued + 1 - c.una <= RING + 1 &&
         c.received - c.read <= RING + 1 && c.edge + 1 - c.read <= RING + 1;
}

void tcp_start(Control &c, u32 mss) {
  u32 most_of_it = mss_for(c.remote);
  mss = mss == 0 ? 536 : most(mss, 64);
  c.to(c.mss, least(mss, most_of_it));
  c.to(c.cwnd, least(4 * c.mss, most(2u * c.mss, 4380)));  // RFC 3390
  c.to(c.ssthresh, ~0u);
  c.to(c.rto, is_local(c.remote) ? LOCAL_RTO : INITIAL_RTO);
  c.to(c.recover, c.iss);
}

void tcp_send_syn(Control &c) {
  Segment s = segment(c, c.state == State::SYN_SENT ? SYN : SYN | ACK, c.iss, 0);
  s.mss = static_cast<u16>(mss_for(c.remote));
  emit(s);
}

void tcp_open(Control &c) {
  c.to(c.iss, initial_number(c));
  c.to(c.una, c.iss);
  c.to(c.nxt, c.iss + 1);
  c.to(c.max, c.iss + 1);
  c.to(c.queued, c.iss + 1);
  tcp_start(c, mss_for(c.remote));
  c.to(c.timed_seq, c.iss + 1);
  c.to(c.timed_at, now());
  c.set(TIMING);
  c.to(c.tries, 0);
  c.to(c.due, after(c.rto));
  timer_runs();
  tcp_send_syn(c);
}

void tcp_output(Control &c) {
  bool sent = false, blocked = false;
  bool fin_state = c.state == State::FIN_WAIT_1 || c.state == State::CLOSING || c.state == State::LAST_ACK;
  bool inside = is_local(c.remote);
  while (sends_data(c.state)) {
    u32 flight = c.nxt - c.una, window = least(c.window, c.cwnd + limited_transmit(c));
    u32 left = before(c.nxt, c.queued) ? c.queued - c.nxt : 0;
    u32 room = window > flight ? window - flight : 0;
    u32 n = least(left, least(room, c.mss));
    bool probes = c.has(PROBE) && left != 0 && n == 0;
    if (probes) n = 1;
    bool full = n == c.mss;
    if (inside && n != 0) {
      u32 piece = one_piece(c, c.nxt, n);
      full |= piece < n;
      n = piece;
    }
    bool last = n == left, again = before(c.nxt, c.max);
    bool fin = last && fin_state && c.nxt + n == c.queued;
    bool goes = fin || (n != 0 && (full || again || probes || c.has(PROBE) || (last && (c.has(NO_DELAY) || flight == 0)) ||
                                   n >= c.largest_window / 2));
    if (!goes) {
      blocked = left != 0;
      break;
    }
    Segment s = segment(c, ACK | (fin ? FIN : 0) | (last && n != 0 ? PSH : 0), c.nxt, n);
    if (!emit(s)) return;   // settle() calls this function again
    sent = true;
    c.clear(ACK_NOW | ACK_SOON | PROBE | DUPLICATE);
    c.to(c.ack_due, 0);
    if (!again && !c.has(TIMING) && !probes) {
      c.set(TIMING);
      c.to(c.timed_seq, c.nxt + n);
      c.to(c.timed_at, now());
    }
    c.to(c.nxt, c.nxt + n + (fin ? 1 : 0));
    if (before(c.max, c.nxt)) c.to(c.max, c.nxt);
    if (fin || probes) break;
  }
  if (!sent && c.has(ACK_NOW)) {
    if (!emit(segment(c, ACK, c.nxt, 0))) return;
    c.clear(ACK_NOW | ACK_SOON | DUPLICATE);
    c.to(c.ack_due, 0);
  }
  arm(c, blocked);
}

void tcp_retransmit(Control &c) {
  u32 n = before(c.una, c.queued) ? least(c.queued - c.una, c.mss) : 0;
  n = least(n, c.max - c.una);
  if (is_local(c.remote)) n = one_piece(c, c.una, n);
  bool fin = c.una + n == c.queued && before(c.queued, c.max);
  c.clear(TIMING);   // Karn's algorithm
  emit(segment(c, ACK | (fin ? FIN : 0), c.una, n));
  c.clear(ACK_NOW | ACK_SOON | DUPLICATE);
}

void tcp_reset(Control &c) {
  if (c.state == State::SYN_SENT || c.state == State::CLOSED || c.state == State::LISTEN || c.state == State::TIME_WAIT) return;
  Segment s = segment(c, RST | ACK, c.nxt, 0);
  s.from = NO_SOCKET;
  emit(s);
}

// Builds a segment from the ring, with its headers, and sends it on the wire.
void tcp_build(const Segment &s) {
  check(s.bytes == 0 || (s.bytes <= MSS_OF_WIRE && s.from < SOCKETS));
  if (s.bytes != 0 && (controls[s.from].kind != Kind::TCP || controls[s.from].ports != (s.ports << 16 | s.ports >> 16))) return;
  u8 *p = ip_payload();
  u32 bytes = HEADER + (s.mss != 0 ? OPTION_MSS : 0);
  put16(p, s.ports & 0xffff);
  put16(p + 2, s.ports >> 16);
  put32(p + 4, s.seq);
  put32(p + 8, s.ack);
  p[12] = static_cast<u8>(bytes / 4 << 4);
  p[13] = s.flags;
  put16(p + 14, least(s.window, 0xffff));
  put32(p + 16, 0);
  if (s.mss != 0) put32(p + HEADER, 0x02040000u | s.mss);
  if (s.bytes != 0) {
    const Control &c = controls[s.from];
    u32 at = s.seq - c.iss - 1, run = least(s.bytes, ring_run(at));
    copy_bytes(p + bytes, ring_data(send_ring(c), at), run);
    if (run < s.bytes) copy_bytes(p + bytes + run, ring_data(send_ring(c), at + run), s.bytes - run);
  }
  bytes += s.bytes;
  store_sum(p + 16, finish_sum(sum16(p, bytes, pseudo_sum(s.source, s.destination, TCP, bytes))));
  ip_send(s.source, s.destination, TCP, bytes);
}

}  // namespace curios::net
