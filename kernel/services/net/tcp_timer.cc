// TCP timers (RFC 6298; RFC 9293, 3.8.4 and 3.8.6.1), and the end of a connection.
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 LEAST_RTO = 200, MOST_RTO = 60000;   // ticks
constexpr u32 TIME_WAIT = 60000;
constexpr u32 TRIES = 12, SYN_TRIES = 6, SYN_ACK_TRIES = 4, PROBE_TRIES = 30, KEEP_ALIVE_TRIES = 9;
constexpr u32 PROBE_INTERVAL = 10000;

void back_off(Control &c) {
  c.to(c.tries, c.tries + 1);
  c.to(c.rto, least(c.rto * 2, MOST_RTO));
  c.to(c.due, after(c.rto));
}

SELDOM void timed_out(Control &c) {
  c.to(c.due, 0);
  switch (c.state) {
    case State::SYN_SENT:
    case State::SYN_RECEIVED:
      if (c.tries >= (c.has(ACTIVE) ? SYN_TRIES : SYN_ACK_TRIES)) return tcp_ends(c, TIMED_OUT);
      c.clear(TIMING);
      back_off(c);
      return tcp_send_syn(c);
    case State::TIME_WAIT:
      return tcp_ends(c, OK);
    case State::FIN_WAIT_2:
      if (c.owner == NOBODY) tcp_ends(c, OK);
      return;
    default:
      break;
  }
  bool window_is_closed = c.window == 0 || c.una == c.max;
  if (c.tries >= (window_is_closed ? PROBE_TRIES : TRIES)) return tcp_ends(c, TIMED_OUT);
  c.clear(TIMING);
  if (window_is_closed) {
    if (!before(c.una, c.queued) && c.una == c.max) return;
    c.set(PROBE);
  } else {
    if (c.tries == 0) c.to(c.ssthresh, most((c.max - c.una) / 2, 2u * c.mss));   // RFC 5681, 3.1
    c.to(c.cwnd, c.mss);
    c.to(c.recover, c.max);
    c.clear(RECOVERING);
    c.to(c.dups, 0);
  }
  c.to(c.nxt, c.una);
  back_off(c);
  tcp_output(c);
}

SELDOM void is_silent(Control &c) {
  if (c.state < State::ESTABLISHED || c.una != c.max) return;
  if (c.tries >= KEEP_ALIVE_TRIES) {
    tcp_reset(c);
    return tcp_ends(c, TIMED_OUT);
  }
  c.to(c.tries, c.tries + 1);
  c.to(c.idle_due, after(least(PROBE_INTERVAL, c.keep_alive)));
  Segment s{};   // with a byte that the peer has already received: it answers (RFC 9293, 3.8.4)
  s.source = c.local;
  s.destination = c.remote;
  s.ports = c.ports << 16 | c.ports >> 16;
  s.seq = c.una - 1;
  s.ack = c.received;
  s.window = c.edge - c.received;
  s.flags = ACK;
  s.from = static_cast<u8>(place_of(c));
  emit(s);
}

}  // namespace

// Handles the measurement of a round trip (RFC 6298, 2; srtt is scaled by 8, rttvar by 4).
void tcp_measured(Control &c) {
  u32 r = now() - c.timed_at;
  if (r > MOST_RTO) return;
  if (c.srtt == 0) {
    c.to(c.srtt, r == 0 ? 1 : r << 3);
    c.to(c.rttvar, r << 1);
  } else {
    i32 difference = static_cast<i32>(r - (c.srtt >> 3));
    u32 size = static_cast<u32>(difference < 0 ? -difference : difference);
    c.to(c.rttvar, c.rttvar - (c.rttvar >> 2) + size);
    u32 srtt = c.srtt - (c.srtt >> 3) + r;
    c.to(c.srtt, srtt == 0 ? 1 : srtt);
  }
  c.to(c.rto, least(most((c.srtt >> 3) + most(c.rttvar, 1), is_local(c.remote) ? LOCAL_RTO : LEAST_RTO), MOST_RTO));
}

// Forgets what was measured, which is of no use any more: such a socket does not depend on a crash long ago.
void tcp_time_wait(Control &c) {
  c.to(c.state, State::TIME_WAIT);
  u32 *const measured[] = {&c.cwnd, &c.ssthresh, &c.recover, &c.credit, &c.srtt, &c.rttvar, &c.rto, &c.timed_seq, &c.timed_at};
  for (u32 *field : measured) c.to(*field, 0);
  c.to(c.due, roughly_after(TIME_WAIT));
  c.to(c.ack_due, 0);
  c.to(c.idle_due, 0);
  timer_runs();
  socket_wakes(c);
}

// Unread data remain until the client closes the socket.
void tcp_ends(Control &c, i32 error) {
  if (c.owner == NOBODY || c.listener != 0) {
    if (Control *l = socket_of(c.listener)) socket_wakes(*l);
    return socket_free(c);
  }
  c.to(c.state, State::CLOSED);
  c.to(c.due, 0);
  c.to(c.ack_due, 0);
  c.to(c.idle_due, 0);
  socket_fails(c, error);
}

bool tcp_timers(Control &c) {
  bool stands_still = c.due == 0 && c.state >= State::ESTABLISHED && (c.una != c.max || before(c.nxt, c.queued));
  if (stands_still) {   // a fault has stopped its timer
    touch(c);
    tcp_output(c);
    return true;
  }
  if (c.due == 0 && c.ack_due == 0 && c.idle_due == 0) return false;
  timer_runs();
  bool acks = is_over(c.ack_due), silent = is_over(c.idle_due), late = is_over(c.due);
  if (!acks && !silent && !late) return false;
  touch(c);
  if (acks) {
    c.to(c.ack_due, 0);
    if (c.has(ACK_SOON)) {
      c.set(ACK_NOW);
      tcp_output(c);
    }
  }
  if (silent) is_silent(c);
  if (late && c.kind == Kind::TCP) timed_out(c);
  return true;
}

// After a restart: queued segments are lost, so peers are sent an acknowledgement, and unacknowledged data are sent
// again at once.
void resume_connections() {
  for (u32 i = 0; i < used_sockets; i++) {
    Control &c = controls[i];
    if (c.kind != Kind::TCP || c.state == State::CLOSED || c.state == State::LISTEN) continue;
    if (c.state == State::TIME_WAIT || (is_local(c.remote) && c.una == c.max)) continue;
    timer_runs();
    touch(c);
    if (c.state == State::SYN_SENT || c.state == State::SYN_RECEIVED) {
      tcp_send_syn(c);
      continue;
    }
    c.set(ACK_NOW);
    c.clear(TIMING);
    c.to(c.nxt, c.una);
    tcp_output(c);
  }
}

}  // namespace curios::net
