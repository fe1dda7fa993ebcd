// Policy `aware`: sockets. Connections within one client are made again at both ends, and what was in transit is sent
// again.
#include "aware.h"

namespace curios::aware {
namespace {

constexpr u32 LOOPBACK = 0x7f000001;

}  // namespace

Sockets::One *Sockets::find(Handle h) {
  for (One &s : sockets_)
    if (s.handle == h) return &s;
  return nullptr;
}

Sockets::One *Sockets::at_port(SocketKind kind, u32 port) {
  for (One &s : sockets_)
    if (s.handle != 0 && s.kind == kind && s.port == port && (kind != SocketKind::TCP || s.listens)) return &s;
  return nullptr;
}

Answer Sockets::ask(Handle h, u32 method, u32 a, u32 b, u32 c) {
  One *s = find(h);
  Answer r{};
  for (u32 i = 0; i <= TRIES; i++) {
    if (method == NET_RECEIVE && s != nullptr && s->is_alone && s->peer_is_done) return {0, 0};  // the end of the stream
    bool accepts = method == NET_ACCEPT && a - 1 < MOST;
    r = made(h, method, accepts ? sockets_[a - 1].id : a, b, c);
    if (!has_restarted(r.value)) break;
    if (method == NET_CLOSE) r.value = OK;  // the crash has closed it
    if (method == NET_CLOSE || !bring_back(h)) break;
  }
  if (r.value >= 0 || (method == NET_CONNECT && r.value == NET_AGAIN)) note(s, h, method, a, b, r.value);
  s = find(h);
  if (r.value >= 0 && s != nullptr && (method == NET_OPEN || method == NET_ACCEPT)) r.value = static_cast<i32>(s - sockets_) + 1;
  return r;
}

void Sockets::note(One *s, Handle h, u32 method, u32 a, u32 b, i32 result) {
  if (method == NET_OPEN || method == NET_ACCEPT) {
    s = s == nullptr ? find(0) : s;
    if (s == nullptr) return;
    *s = One{};
    s->handle = h;
    s->id = static_cast<u32>(result);
  }
  if (s == nullptr) return;
  switch (method) {
    case NET_OPEN:
      s->kind = static_cast<SocketKind>(a);
      s->port = static_cast<u16>(b);
      break;
    case NET_ACCEPT:
      s->kind = SocketKind::TCP;
      s->is_accepted = true;
      for (One &other : sockets_) {
        if (!other.connects || other.peer != nullptr || other.remote_port != sockets_[a - 1].port || s->peer != nullptr) continue;
        s->peer = &other;
        other.peer = s;
      }
      break;
    case NET_CONNECT:
      s->connects = true;
      s->address = a;
      s->remote_port = b;
      break;
    case NET_LISTEN:
      s->listens = true;
      s->backlog = static_cast<u16>(a);
      break;
    case NET_OPTION:
      if (a == OPTION_NO_DELAY) s->has_no_delay = b != 0;
      break;
    case NET_SEND: note_sent(s, a, s->kind == SocketKind::TCP ? static_cast<u32>(result) : b); break;
    case NET_RECEIVE:
      if (to_ != s) break;
      taken_ += static_cast<u32>(result);
      if (s->kind != SocketKind::TCP || taken_ >= bytes_) to_ = nullptr;
      break;
    case NET_SHUTDOWN:
      s->is_shut = true;
      note_done(s);
      break;
    case NET_CLOSE:
      note_done(s);
      if (s->peer != nullptr) s->peer->peer = nullptr;
      if (to_ == s || from_ == s) to_ = nullptr;
      *s = One{};
      break;
    default: break;
  }
}

void Sockets::note_done(One *s) {
  if (s->peer != nullptr) s->peer->peer_is_done = true;
}

void Sockets::note_sent(One *s, u32 memory, u32 bytes) {
  const Endpoint &where = *reinterpret_cast<const Endpoint *>(data_.at);
  One *to = s->peer;
  if (s->kind == SocketKind::UDP) to = where.address == LOOPBACK ? at_port(SocketKind::UDP, where.port) : nullptr;
  if (to == nullptr || memory != data_.handle || bytes > MOST_BYTES) return;
  to_ = to;
  from_ = s;
  bytes_ = bytes;
  taken_ = 0;
  for (u32 i = 0; i < bytes; i++) message_[i] = static_cast<u8>(data_.at[i]);
}

// True if the request can be repeated. Listening sockets come first: the others connect to them.
bool Sockets::bring_back(Handle h) {
  i32 result = LOST;
  for (u32 i = 0; i < TRIES && has_restarted(result); i++) {
    result = connect(h);
    for (One &s : sockets_)
      if (s.handle != 0 && !has_restarted(result)) result = connect(s.handle);
    for (One &s : sockets_)
      if (s.handle != 0 && !s.connects && !s.is_accepted && !has_restarted(result)) result = open_again(s);
    for (One &s : sockets_)
      if (s.connects && !has_restarted(result)) result = connect_again(s);
    for (One &s : sockets_)
      if (s.is_accepted && s.peer == nullptr) s.is_alone = true;
    if (to_ != nullptr && !has_restarted(result)) result = send_again();
    for (One &s : sockets_)
      if (s.is_shut && !s.is_alone && !has_restarted(result)) result = call(s.handle, NET_SHUTDOWN);
  }
  return !has_restarted(result);
}

i32 Sockets::open_again(One &s) {
  i32 result = call(s.handle, NET_OPEN, static_cast<u32>(s.kind), s.port);
  if (result > 0) s.id = static_cast<u32>(result);
  if (s.has_no_delay && result >= 0) result = call(s.handle, NET_OPTION, OPTION_NO_DELAY, 1);
  if (s.listens && result >= 0) result = call(s.handle, NET_LISTEN, s.backlog);
  return result;
}

i32 Sockets::connect_again(One &s) {
  const One *listener = at_port(SocketKind::TCP, s.remote_port);
  bool was_accepted = s.peer != nullptr || s.peer_is_done;
  s.is_alone = s.address != LOOPBACK || listener == nullptr || (was_accepted && s.peer == nullptr);
  i32 result = s.is_alone ? static_cast<i32>(OK) : open_again(s);
  if (!s.is_alone && result >= 0) result = call(s.handle, NET_CONNECT, s.address, s.remote_port, DONT_WAIT);
  if (s.peer == nullptr || s.is_alone || has_restarted(result)) return result;
  result = call(s.peer->handle, NET_ACCEPT, listener->id);
  if (result > 0) s.peer->id = static_cast<u32>(result);
  if (s.peer->has_no_delay && result >= 0) result = call(s.peer->handle, NET_OPTION, OPTION_NO_DELAY, 1);
  return has_restarted(result) ? result : call(s.handle, NET_CONNECT, s.address, s.remote_port);
}

// What the receiver has not taken yet.
i32 Sockets::send_again() const {
  Handle memory = grant(message_ + taken_, bytes_ - taken_);
  i32 result = call(from_->handle, NET_SEND, memory, bytes_ - taken_);
  drop(memory);
  return result;
}

}  // namespace curios::aware
