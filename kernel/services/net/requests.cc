// Requests that create, change and close sockets, and status requests.
#include "requests.h"

namespace curios::net {
namespace {

constexpr u32 LONGEST_BACKLOG = 16;
constexpr u32 NAP_MOST = 1000;

Kind kind_of(u32 kind) { return static_cast<Kind>(kind); }

void has(Session *s, const Control &c) {
  s->guard.set(s->socket, c.id);
  s->guard.set(s->kind, static_cast<u32>(c.kind));
}

i32 wait_established(Session *s) {
  for (;;) {
    Control *c = mine(s);
    if (c == nullptr) return NET_RESET;
    if (c->state == State::CLOSED) {
      i32 error = error_of(*c);
      return finish(error == OK ? static_cast<i32>(NET_RESET) : error);
    }
    if (c->state != State::SYN_SENT && c->state != State::SYN_RECEIVED) return finish(OK);
    settle();
    commit();
    if (wait_for_socket(*c) == TIMED_OUT) return TIMED_OUT;
  }
}

Control *waiting_at(u32 listener) {
  for (u32 i = 0; i < used_sockets; i++) {
    Control &c = controls[i];
    if (c.kind == Kind::TCP && c.listener == listener && c.state >= State::ESTABLISHED) return &c;
  }
  return nullptr;
}

void shut_down(Control &c) {
  if (!can_send(c.state) || c.has(FIN_WANTED)) return;
  c.set(FIN_WANTED);
  c.to(c.state, c.state == State::ESTABLISHED ? State::FIN_WAIT_1 : State::LAST_ACK);
  tcp_output(c);
}

u32 ready(const Control &c) {
  u32 events = c.error != OK ? POLL_ERROR : 0;
  if (c.kind != Kind::TCP) return events | POLL_OUT | (readable(c) != 0 ? POLL_IN : 0);
  if (c.state == State::LISTEN) return events | (waiting_at(c.id) != nullptr ? POLL_IN : 0);
  if (readable(c) != 0 || at_end(c)) events |= POLL_IN;
  if (c.state == State::CLOSED || (can_send(c.state) && c.queued - c.una <= RING / 2)) events |= POLL_OUT;
  return events;
}

}  // namespace

Control *mine(const Session *s) {
  return s == nullptr ? nullptr : socket_of(s->socket);
}
Control *mine_changed(const Session *s) {
  Control *c = mine(s);
  if (c != nullptr) touch(*c);
  return c;
}

i32 finish(i32 result) {
  settle();
  return result;
}

i32 error_of(Control &c) {
  i32 error = c.error;
  if (error == OK) return OK;
  touch(c);
  c.to(c.error, OK);
  return error;
}

bool can_send(State state) { return state == State::ESTABLISHED || state == State::CLOSE_WAIT; }

bool at_end(const Control &c) { return c.kind == Kind::TCP && (c.has(ENDED) || c.state == State::CLOSED); }

i32 open(Session *s, u32 kind, u32 port) {
  if (s == nullptr) return NOT_CONNECTED;
  if (kind == 0 || kind > static_cast<u32>(SocketKind::ECHO) || port > 0xffff) return BAD_ARGUMENT;
  if (socket_of(s->socket) != nullptr) return CONNECTED;
  begin();
  if (port != 0 && port_in_use(kind_of(kind), port)) return NET_IN_USE;
  if (port == 0) port = port_free(kind_of(kind));
  Control *c = port == 0 ? nullptr : socket_new(kind_of(kind), caller());
  if (c == nullptr) return finish(FULL);
  c->to(c->ports, port << 16);
  check(static_cast<u32>(c->kind) == asked(1));
  has(s, *c);
  const Control *made = mine(anew(s));
  check(made != nullptr && made->local_port() != 0 && (asked(2) == 0 || made->local_port() == asked(2)) &&
        static_cast<u32>(made->kind) == asked(1));
  return finish(static_cast<i32>(s->socket));
}

i32 connect_to(Session *s, u32 address, u32 port, u32 flags) {
  if (s == nullptr) return NOT_CONNECTED;
  begin();
  Control *c = mine_changed(s);
  if (c == nullptr) return NET_ENDED;
  if (address == 0 || port == 0 || port > 0xffff) return BAD_ARGUMENT;
  bool begun = c->kind == Kind::TCP && (c->state == State::SYN_SENT || c->state == State::SYN_RECEIVED) && c->remote == address;
  if (!begun) {
    u32 source = source_for(address);
    if (source == 0) return finish(NET_UNREACHABLE);
    if (c->kind == Kind::TCP && c->state != State::CLOSED) return finish(CONNECTED);
    c->to(c->local, source);
    c->to(c->remote, address);
    c->to(c->ports, (c->ports & 0xffff0000) | port);
    check(c->remote == asked(1));
    if (c->kind != Kind::TCP) return finish(OK);
    c->to(c->error, OK);
    c->to(c->flags, c->flags & NO_DELAY);
    c->set(ACTIVE);
    c->to(c->state, State::SYN_SENT);
    c->to(c->mss, mss_for(address));
    tcp_open(*c);
  }
  if ((flags & DONT_WAIT) != 0) return finish(NET_AGAIN);
  return wait_established(s);
}

i32 listen(Session *s, u32 backlog) {
  if (s == nullptr) return NOT_CONNECTED;
  begin();
  Control *c = mine_changed(s);
  if (c == nullptr) return NET_ENDED;
  if (c->kind != Kind::TCP || c->state != State::CLOSED || c->remote != 0) return finish(BAD_ARGUMENT);
  c->to(c->backlog, most(1, least(backlog, LONGEST_BACKLOG)));
  c->to(c->state, State::LISTEN);
  return finish(OK);
}

i32 accept(Session *s, u32 listener, u32 flags) {
  if (s == nullptr) return NOT_CONNECTED;
  if (socket_of(s->socket) != nullptr) return CONNECTED;
  begin();
  for (;;) {
    Control *l = socket_of(listener);
    if (l == nullptr || l->owner != caller() || l->state != State::LISTEN) return BAD_ARGUMENT;
    if (Control *c = waiting_at(listener)) {
      touch(*c);
      c->to(c->listener, 0);
      check(c->owner == l->owner && listener == asked(1));
      has(s, *c);
      return finish(static_cast<i32>(c->id));
    }
    if ((flags & DONT_WAIT) != 0) return NET_AGAIN;
    if (wait_for_socket(*l) == TIMED_OUT) return TIMED_OUT;
  }
}

i32 shutdown(Session *s) {
  if (s == nullptr) return NOT_CONNECTED;
  begin();
  Control *c = mine_changed(s);
  if (c == nullptr || c->kind != Kind::TCP) return NET_ENDED;
  shut_down(*c);
  return finish(OK);
}

// Connections in a listener's backlog, or with unread data, are reset (RFC 2525, 2.17).
void close_socket(Control &c) {
  touch(c);
  if (c.kind != Kind::TCP || c.state == State::CLOSED || c.state == State::SYN_SENT) return socket_free(c);
  if (c.state == State::LISTEN) {
    for (Control &waiting : controls) {
      if (waiting.kind != Kind::TCP || waiting.listener != c.id) continue;
      tcp_reset(waiting);
      socket_free(waiting);
    }
    return socket_free(c);
  }
  if (readable(c) != 0) {
    tcp_reset(c);
    return socket_free(c);
  }
  shut_down(c);
  c.to(c.owner, NOBODY);
  if (c.state == State::FIN_WAIT_2) c.to(c.due, roughly_after(60000));
  timer_runs();
}

i32 close(Session *s) {
  if (s == nullptr) return NOT_CONNECTED;
  begin();
  Control *c = mine(s);
  if (c != nullptr) close_socket(*c);
  s->guard.set(s->socket, 0u);
  s->guard.set(s->kind, 0u);
  return finish(OK);
}

i32 poll(Session *, u32 memory, u32 count, u32 milliseconds) {
  if (count == 0 || count > MOST_POLLED) return BAD_ARGUMENT;
  u32 me = caller();
  u64 until = microseconds() + static_cast<u64>(milliseconds) * 1000;
  begin();
  Poll *polls = reinterpret_cast<Poll *>(staging());
  for (;;) {
    i32 result = copy_in(memory, 0, polls, count * sizeof(Poll));
    if (result < 0) return result;
    i32 found = 0;
    for (u32 i = 0; i < count; i++) {
      Control *c = socket_of(polls[i].socket);
      bool valid = c != nullptr && c->owner == me;
      u32 events = valid ? ready(*c) & (polls[i].events | POLL_ERROR) : static_cast<u32>(POLL_ERROR);
      polls[i].ready = static_cast<u16>(events);
      found += events != 0;
    }
    u64 now_us = microseconds();
    bool over = milliseconds != FOREVER && now_us >= until;
    if (found != 0 || over) {
      result = copy_out(memory, 0, polls, count * sizeof(Poll));
      return result < 0 ? result : found;
    }
    u32 left = milliseconds == FOREVER ? NAP_MOST : static_cast<u32>(until - now_us) / 1000 + 1;
    if (wait_for_any(left) == TIMED_OUT) return TIMED_OUT;
  }
}

i32 option(Session *s, u32 what, u32 value) {
  if (s == nullptr) return NOT_CONNECTED;
  begin();
  Control *c = mine_changed(s);
  if (c == nullptr || c->kind != Kind::TCP) return NET_ENDED;
  if (what == OPTION_NO_DELAY) {
    c->to(c->flags, value != 0 ? c->flags | NO_DELAY : c->flags & ~NO_DELAY);
  } else if (what == OPTION_KEEP_ALIVE && value <= 7200) {
    c->to(c->keep_alive, value * 977);
    c->to(c->idle_due, value == 0 || c->state < State::ESTABLISHED ? 0 : after(c->keep_alive));
    timer_runs();
  } else {
    return finish(BAD_ARGUMENT);
  }
  return finish(OK);
}

i32 attach(Session *s, u32 id) {
  if (s == nullptr) return NOT_CONNECTED;
  Control *c = socket_of(id);
  if (c == nullptr || c->owner != caller() || c->listener != 0) return BAD_ARGUMENT;
  check(c->id == asked(1));
  has(s, *c);
  return OK;
}

i32 status(Session *, u32 memory) {
  begin();
  NetStatus n{};
  n.address = host.address;
  n.mask = host.mask;
  n.gateway = host.gateway;
  n.name_server = host.name_server;
  copy_bytes(&n.hardware_low, hardware, sizeof hardware);
  n.lease = lease_left();
  for (u32 i = 0; i < used_sockets; i++) n.sockets += controls[i].kind != Kind::FREE;
  n.frames_in = frames_in;
  n.frames_out = frames_out;
  n.dropped = dropped;
  i32 result = copy_out(memory, 0, &n, sizeof n);
  return result < 0 ? result : static_cast<i32>(OK);
}

i32 names_of(Session *s, u32 memory) {
  if (s == nullptr) return NOT_CONNECTED;
  begin();
  Control *c = mine(s);
  if (c == nullptr) return NET_ENDED;
  SocketName n{};
  n.local = {c->local, static_cast<u16>(c->local_port()), 0};
  n.remote = {c->remote, static_cast<u16>(c->remote_port()), 0};
  n.state = static_cast<u32>(c->state);
  i32 result = copy_out(memory, 0, &n, sizeof n);
  return finish(result < 0 ? result : static_cast<i32>(OK));
}

}  // namespace curios::net
