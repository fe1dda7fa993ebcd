// Sockets: their owners, and the threads that wait for them.
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 NAP = 50;              // milliseconds after which a waiting request checks again, so that a wrong time has no
                                     // lasting effect
constexpr u32 TIMER_NAP = 20, WATCHING_NAP = 100, IDLE_NAP = 1000;
constexpr u32 POLL_KEY = 0x100, SOCKET_KEY = 0x200;
constexpr u32 FIRST_PORT = 49152, PORTS = 16384;

u32 waited;                          // sockets with waiting threads, one bit each
u32 polled[MAX_OBJECTS / 32];                       // clients that wait for any of their sockets
u32 next_nap = IDLE_NAP;
bool sleeps_long;

}  // namespace

u32 used_sockets;

void timer_runs() {
  next_nap = TIMER_NAP;
  if (!sleeps_long) return;
  sleeps_long = false;
  wake(TIMER_KEY);
}

u32 timers_nap() {
  u32 nap = next_nap;
  next_nap = used_sockets != 0 ? WATCHING_NAP : IDLE_NAP;
  sleeps_long = nap != TIMER_NAP;
  return nap;
}

static bool is_free(const Control &c) { return c.kind == Kind::FREE; }

// A free place, or that of the connection that has been in TIME-WAIT for longest.
static Control *place() {
  Control *best = nullptr;
  for (Control &c : controls) {
    if (is_free(c)) return &c;
    bool waits = c.kind == Kind::TCP && c.state == State::TIME_WAIT && c.owner == NOBODY;
    if (waits && (best == nullptr || before(c.due, best->due))) best = &c;
  }
  return best;
}

Control *socket_new(Kind kind, u32 owner) {
  u32 count = 0;
  for (u32 i = 0; i < used_sockets; i++) count += !is_free(controls[i]) && controls[i].owner == owner;
  Control *c = count < MOST_OF_A_CLIENT ? place() : nullptr;
  if (c == nullptr) return nullptr;
  touch_host();
  host.to(host.generations, (host.generations + 1) & 0x7fffff);
  if (host.generations == 0) host.to(host.generations, 1);
  *c = Control{};
  c->to(c->id, host.generations << 8 | place_of(*c));
  c->to(c->kind, kind);
  c->to(c->owner, owner);
  touch(*c);
  if (place_of(*c) >= used_sockets) used_sockets = place_of(*c) + 1;
  check(socket_of(host.generations << 8 | place_of(*anew(c))) == c);
  return c;
}

void socket_free(Control &c) {
  socket_wakes(c);
  c = Control{};
  touch(c);
  while (used_sockets > 0 && is_free(controls[used_sockets - 1])) used_sockets--;
}

Control *socket_of(u32 id) {
  u32 i = id & 0xff;
  return id != 0 && i < used_sockets && controls[i].id == id ? &controls[i] : nullptr;
}

void socket_wakes(const Control &c) {
  u32 i = place_of(c), owner = c.owner;
  if ((waited >> i & 1) != 0) {
    waited &= ~(1u << i);
    wake(SOCKET_KEY + i);
  }
  if ((polled[owner / 32] >> owner % 32 & 1) != 0) {
    polled[owner / 32] &= ~(1u << owner % 32);
    wake(POLL_KEY + owner);
  }
}

void socket_fails(Control &c, i32 error) {
  if (c.error == OK) c.to(c.error, error);
  socket_wakes(c);
}

i32 wait_for_socket(const Control &c) {
  u32 i = place_of(c);
  waited |= 1u << i;
  i32 result = wait(SOCKET_KEY + i, NAP);
  begin();
  return result;
}

i32 wait_for_any(u32 milliseconds) {
  u32 owner = caller();
  polled[owner / 32] |= 1u << owner % 32;
  i32 result = wait(POLL_KEY + owner, milliseconds < NAP ? milliseconds : NAP);
  begin();
  return result;
}

bool port_in_use(Kind kind, u32 port) {
  for (u32 i = 0; i < used_sockets; i++) {
    const Control &c = controls[i];
    if (c.kind == kind && c.local_port() == port && !(kind == Kind::TCP && c.state != State::LISTEN && c.remote != 0)) return true;
  }
  return false;
}

// Chooses an ephemeral port, not sequentially (RFC 6056).
u32 port_free(Kind kind) {
  touch_host();
  for (u32 tries = 0; tries < 2 * SOCKETS; tries++) {
    host.to(host.ports, host.ports + 1);
    u32 port = FIRST_PORT + secret_number(host.ports, static_cast<u32>(kind), 0, 1) % PORTS;
    bool taken = port == DHCP_CLIENT;
    for (u32 i = 0; i < used_sockets; i++) taken |= controls[i].kind == kind && controls[i].local_port() == port;
    if (!taken) return port;
  }
  return 0;
}

}  // namespace curios::net
