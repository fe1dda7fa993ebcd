// The TCP/IP service: its own thread, its recovery, and its methods. Each session is one socket, whose number is its
// state.
#include "requests.h"

namespace curios::net {
namespace {

i32 notify(Session *) {
  begin();
  ether_frames();
  return OK;
}

// Closes the sockets of clients that have ended.
void forget_clients() {
  u32 alive = NOBODY;   // a client that exists: neighbouring sockets are often of the same
  for (u32 i = 0; i < used_sockets; i++) {
    Control &c = controls[i];
    if (c.kind == Kind::FREE || c.owner == NOBODY || c.owner == alive) continue;
    if (inspect(Inspect::STATE, c.owner) == static_cast<i32>(ObjectState::ACTIVE)) {
      alive = c.owner;
      continue;
    }
    close_socket(c);
    commit_request();
  }
}

void run(u32) {
  NO_CALLER;
  begin();
  resume_connections();
  dhcp_init();
  commit_request();
  constexpr u32 BETWEEN_LOOKS = 500;
  for (u32 next_look = after(0);;) {
    for (u32 i = 0; i < used_sockets; i++) {
      if (controls[i].kind == Kind::TCP && tcp_timers(controls[i])) commit_request();
    }
    dhcp_timers();
    arp_timers();
    ip_timers();
    commit_request();
    if (is_over(next_look)) {
      forget_clients();
      ether_frames();   // no interrupt announces them if a register of the controller is damaged
      commit_request();
      next_look = next_multiple(BETWEEN_LOOKS);
    }
    wait_until(TIMER_KEY, next_multiple(timers_nap()));
    begin();
  }
}

void construct(u32) {
  secret_init();
  restore();
  arp_restore();
  ether_init();
}

i32 recover(Session *s, u32 owner) {
  const Control *c = socket_of(s->socket);
  return c == nullptr || (c->owner == owner && static_cast<u32>(c->kind) == s->kind) ? OK : BAD_ARGUMENT;
}

}  // namespace

#define KEPT_ROW(field) ROW_OF("NetKept", Kept, controls, field)
INTROSPECTION = {
    FIELD_AS("net", Session, socket, Show::HEX), FIELD_OF("net", Session, kind), WHOLE_OF("NetKept", Kept),
    KEPT_ROW(id), KEPT_ROW(kind), KEPT_ROW(state), KEPT_ROW(owner), KEPT_ROW(tries), KEPT_ROW(flags), KEPT_ROW(mss),
    KEPT_ROW(local), KEPT_ROW(remote), KEPT_ROW(ports), KEPT_ROW(listener), KEPT_ROW(error), KEPT_ROW(una), KEPT_ROW(nxt),
    KEPT_ROW(max), KEPT_ROW(queued), KEPT_ROW(window), KEPT_ROW(cwnd), KEPT_ROW(ssthresh), KEPT_ROW(received),
    KEPT_ROW(read), KEPT_ROW(edge), KEPT_ROW(due), KEPT_ROW(ack_due), KEPT_ROW(idle_due), KEPT_ROW(srtt), KEPT_ROW(rto),
};
#undef KEPT_ROW

WORD_TABLE = {CONSTANT(KEPT_RINGS) CONSTANT(SOCKETS)};

LIMITS = {
    WORD_LIMIT(Session, kind, 0, static_cast<u32>(SocketKind::ECHO)),
};

METHODS = {
    {ENTRY(open), NET_LOWEST, 0x7fffffff, "open"},
    {ENTRY(connect_to), NET_LOWEST, OK, "connect"},
    {ENTRY(listen), NET_LOWEST, OK, "listen"},
    {ENTRY(accept), NET_LOWEST, 0x7fffffff, "accept"},
    {ENTRY(send), NET_LOWEST, 0xffff, "send"},
    {ENTRY(receive), NET_LOWEST, 0xffff, "receive"},
    {ENTRY(shutdown), NET_LOWEST, OK, "shutdown"},
    {ENTRY(close), NET_LOWEST, OK, "close"},
    {ENTRY(poll), NET_LOWEST, MOST_POLLED, "poll"},
    {ENTRY(option), NET_LOWEST, OK, "option"},
    {ENTRY(attach), NET_LOWEST, OK, "attach"},
    {ENTRY(status), NET_LOWEST, OK, "status"},
    {ENTRY(names_of), NET_LOWEST, OK, "name"},
    {ENTRY(notify), NET_LOWEST, OK, "notify"},
};

SERVICE(net, NET_ID, .construct = ENTRY(construct), .recover = ENTRY(recover), .main = ENTRY(run),
        .state_bytes = sizeof(Session), .tag = 0x4e450001, .heap_limit = 0x18000, .kept = KEPT_BYTES, .quota = 0x1000,
        .deadline = 50, .rights = LARGE_STACKS, .priority = 2, .longest_wait = 1000, LIMITED,
        .checks = CHECK_PRIVATE | CHECK_CODE | CHECK_WRITES)

}  // namespace curios::net
