// Echoes what it receives: on port 7 over TCP (RFC 862), several connections at a time, and over UDP.
#include "sockets.h"

namespace curios {
namespace {

constexpr u32 ECHO = 73, PORT = 7, CONNECTIONS = 6, ROOM = 1024;

struct Connection {
  Socket socket;
  u32 at, end;           // range of its bytes still to be sent
  u8 *bytes;
  Handle memory;
};

struct Echo {
  Socket listener, datagrams;
  Connection connections[CONNECTIONS];
  Poll polls[CONNECTIONS + 2];
  Handle polled;
  u8 *bytes;             // of datagrams
  Handle memory;
};

void go_on(Connection &c) {
  if (c.at == c.end) {
    i32 n = c.socket.receive(c.memory, ROOM, DONT_WAIT);
    if (n == NET_AGAIN) return;
    if (n <= 0) return c.socket.close();
    c.at = 0;
    c.end = static_cast<u32>(n);
  }
  Handle rest = c.at == 0 ? c.memory : grant(c.bytes + c.at, c.end - c.at);
  i32 sent = c.socket.send(rest, c.end - c.at, DONT_WAIT);
  if (c.at != 0) drop(rest);
  if (sent > 0) c.at += static_cast<u32>(sent);
  if (sent < 0 && sent != NET_AGAIN) c.socket.close();
}

void welcome(Echo &e) {
  for (Connection &c : e.connections) {
    if (c.socket.is_open()) continue;
    if (c.socket.accept(e.listener, DONT_WAIT) <= 0) return;
    c.at = c.end = 0;
  }
}

void serve(Echo &e) {
  u32 count = 0;
  e.polls[count++] = {static_cast<u32>(e.datagrams.id), POLL_IN, 0};
  e.polls[count++] = {static_cast<u32>(e.listener.id), POLL_IN, 0};
  for (Connection &c : e.connections)
    e.polls[count++] = {c.socket.is_open() ? static_cast<u32>(c.socket.id) : static_cast<u32>(e.datagrams.id),
                        static_cast<u16>(!c.socket.is_open() ? 0 : c.at == c.end ? POLL_IN : POLL_OUT), 0};
  if (call(e.listener.net, NET_POLL, e.polled, count, FOREVER) <= 0) return;
  if (e.polls[0].ready != 0) {
    i32 n = e.datagrams.receive(e.memory, ROOM, DONT_WAIT);
    if (n > 0) e.datagrams.send(e.memory, static_cast<u32>(n));
  }
  if (e.polls[1].ready != 0) welcome(e);
  for (u32 i = 0; i < CONNECTIONS; i++)
    if (e.polls[i + 2].ready != 0 && e.connections[i].socket.is_open()) go_on(e.connections[i]);
}

void run(u32) {
  NO_CALLER;
  Echo e{};
  u8 *heap = reinterpret_cast<u8 *>(section(self()) + HEAP);
  for (u32 i = 0; i < CONNECTIONS; i++) {
    e.connections[i].bytes = heap + (i + 1) * ROOM;
    e.connections[i].memory = grant(e.connections[i].bytes, ROOM, true);
  }
  e.bytes = heap;
  e.memory = grant(e.bytes, ROOM, true);
  e.polled = grant(e.polls, sizeof e.polls, true);
  if (e.listener.open(SocketKind::TCP, PORT) < 0 || e.listener.listen(CONNECTIONS) < 0) return;
  if (e.datagrams.open(SocketKind::UDP, PORT) < 0) return;
  for (;;) serve(e);
}

CLIENT(echo, "echo", ECHO, run)

}  // namespace
}  // namespace curios
