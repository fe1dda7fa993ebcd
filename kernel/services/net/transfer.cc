// Requests that send and receive.
#include "requests.h"

namespace curios::net {
namespace {

constexpr u32 STEP = STAGED;         // bytes accepted from a client between two commits

// The error of a copy from the client, which a second copy must give as well: a wrong address of our own is no error of
// the client.
SELDOM i32 confirmed(i32 error, u32 done, u32 bytes) {
  check(done <= asked(2) && bytes <= asked(2) - done);
  check(copy_in(asked(1), done, staging(), bytes) == error);
  return error;
}

i32 send_datagram(Control &c, u32 memory, u32 bytes) {
  if (bytes < sizeof(Endpoint)) return BAD_ARGUMENT;
  if (bytes > sizeof(Endpoint) + DATA_MOST) return NET_TOO_LONG;
  i32 result = copy_in(memory, 0, staging(), bytes);
  if (result < 0) return confirmed(result, 0, bytes);
  if (i32 error = error_of(c)) return error;
  Endpoint to = *reinterpret_cast<const Endpoint *>(staging());
  if (to.address == 0) to = {c.remote, static_cast<u16>(c.remote_port()), 0};
  if (to.address == 0) return NET_ENDED;
  auto send = c.kind == Kind::UDP ? udp_send : echo_send;
  return send(c, to.address, to.port, staging() + sizeof to, bytes - sizeof to);
}

i32 send_stream(Session *s, u32 memory, u32 bytes, u32 flags) {
  u32 first = mine(s)->queued;
  for (u32 done = 0;;) {
    Control *c = mine_changed(s);
    if (c == nullptr) return NET_RESET;
    if (!can_send(c->state) || c->has(FIN_WANTED)) {
      i32 error = error_of(*c);
      return finish(done != 0 ? static_cast<i32>(done) : error != OK ? error : static_cast<i32>(NET_ENDED));
    }
    u32 room = RING - (c->queued - c->una), n = least(least(bytes - done, room), STEP);
    if (n != 0) {
      u32 at = c->queued - c->iss - 1;
      i32 result;
      if (is_local(c->remote)) {
        result = copy_in(memory, done, staging(), n);
        if (result >= 0) ring_put(send_ring(*c), at, staging(), n), staged(*c, c->queued);
      } else {
        result = ring_put_from(send_ring(*c), at, memory, done, n);
      }
      if (result < 0) return confirmed(result, done, n);
      c->to(c->queued, c->queued + n);
      done += n;
      tcp_output(*c);
    }
    if (done == bytes) {
      check(done == asked(2) && c->queued == first + done);
      return finish(static_cast<i32>(done));
    }
    if ((flags & DONT_WAIT) != 0 && n == 0) return finish(done == 0 ? static_cast<i32>(NET_AGAIN) : static_cast<i32>(done));
    check(done <= asked(2) && c->queued == first + done);   // what is accepted too much cannot be taken back
    commit_request();
    c = mine(s);
    if (c != nullptr && c->queued - c->una == RING && can_send(c->state) && wait_for_socket(*c) == TIMED_OUT) return TIMED_OUT;
  }
}

i32 give(u32 memory, u32 offset, const u8 *from, u32 bytes) {
  constexpr u32 PIECE = 4096;
  for (u32 done = 0; done < bytes;) {
    u32 n = least(bytes - done, PIECE);
    i32 result = copy_out(memory, offset + done, from + done, n);
    if (result < 0) return result;
    done += n;
  }
  return OK;
}

// Copies from a ring to the client.
i32 give_from_ring(u32 memory, u32 offset, u32 ring, u32 at, u32 bytes) {
  u32 run = least(bytes, ring_run(at));
  i32 result = give(memory, offset, ring_data(ring, at), run);
  return result < 0 || run == bytes ? result : give(memory, offset + run, ring_data(ring, at + run), bytes - run);
}

i32 receive_stream(Control &c, u32 memory, u32 room, u32 flags) {
  u32 n = least(readable(c), room);
  i32 result = give_from_ring(memory, 0, receive_ring(c), c.read - c.irs - 1, n);
  if (result < 0) return result;
  if ((flags & PEEK) == 0) {
    touch(c);
    c.to(c.read, c.read + n);
    u32 more = c.read + RING - c.edge;
    if (more >= RING / 2 && !c.has(ENDED)) {   // smaller updates go with acknowledgements
      c.set(ACK_NOW);
      tcp_output(c);
    }
  }
  return static_cast<i32>(n);
}

i32 receive_datagram(Control &c, u32 memory, u32 room, u32 flags) {
  const Endpoint from = *reinterpret_cast<const Endpoint *>(ring_data(receive_ring(c), c.read));
  u32 n = sizeof(Endpoint) + from.bytes;
  check(n <= c.received - c.read);
  u32 part = least(n, room);
  i32 result = give_from_ring(memory, 0, receive_ring(c), c.read, part);
  if (result < 0) return result;
  if ((flags & PEEK) == 0) {
    touch(c);
    c.to(c.read, c.read + sizeof(Endpoint) + ((from.bytes + 3u) & ~3u));
  }
  return static_cast<i32>(part);
}

}  // namespace

i32 send(Session *s, u32 memory, u32 bytes, u32 flags) {
  if (s == nullptr) return NOT_CONNECTED;
  if (bytes > 0xffff) return BAD_ARGUMENT;
  begin();
  Control *c = mine(s);
  if (c == nullptr) return NET_ENDED;
  check(bytes == asked(2));
  if (c->kind == Kind::TCP) return bytes == 0 ? 0 : send_stream(s, memory, bytes, flags);
  i32 result = send_datagram(*c, memory, bytes);
  return finish(result < 0 ? result : static_cast<i32>(bytes));
}

i32 receive(Session *s, u32 memory, u32 room, u32 flags) {
  if (s == nullptr) return NOT_CONNECTED;
  if (room == 0 || room > 0xffff) return BAD_ARGUMENT;
  begin();
  for (;;) {
    Control *c = mine(s);
    if (c == nullptr) return NET_ENDED;
    if (readable(*c) != 0) {
      u32 was = c->read;
      i32 result = c->kind == Kind::TCP ? receive_stream(*c, memory, room, flags) : receive_datagram(*c, memory, room, flags);
      bool counts = c->kind == Kind::TCP && (flags & PEEK) == 0 && result >= 0;
      check(!counts || c->read - was == static_cast<u32>(result));
      return finish(result);
    }
    if (c->has(ENDED)) return finish(OK);
    if (i32 error = error_of(*c)) return finish(error);
    if (at_end(*c)) return finish(NET_ENDED);
    if ((flags & DONT_WAIT) != 0) return finish(NET_AGAIN);
    if (wait_for_socket(*c) == TIMED_OUT) return TIMED_OUT;
  }
}

}  // namespace curios::net
