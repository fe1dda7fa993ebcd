// The workload of trials over the wire: `caller0` sends messages to `peer0`, which runs on a second machine and answers each
// with another one. Both record what they have got, and print a line for each message; nothing depends on time.
#include "sockets.h"

namespace curios {
namespace {

constexpr u32 CALLER = 81, PEER = 82, PORT = 7100, ROOM = 3000;
constexpr u32 LIMIT_MS = 3000, TRIES = 200, PAUSE_MS = 5;

// Bytes of the messages and of their answers.
constexpr struct {
  u32 there, back;
} MESSAGES[] = {{1, 1}, {700, 1460}, {ROOM, 300}, {1460, ROOM}, {64, 2000}};

struct End {
  Report report;
  u8 *bytes = reinterpret_cast<u8 *>(section(self()) + HEAP + sizeof(Records));  // ROOM of them
  Handle memory = grant(bytes, ROOM, true);

  explicit End(const char *name) : report(name, 0) {}

  void fill(u32 count, u32 seed) {
    for (u32 i = 0; i < count; i++) bytes[i] = static_cast<u8>(mix(seed + i * 0x9e3779b9u, i) >> 7);
  }

  // How often it takes to send or to receive depends on time: one record for all of it.
  void send(const Socket &to, u32 count, u32 seed) {
    within(LIMIT_MS);
    fill(count, seed);
    i32 sent = to.send(memory, count);
    report.record(NET_ID, NET_SEND, sent < 0 ? sent : static_cast<i32>(OK), static_cast<u32>(sent));
  }

  void receive(const Socket &from, u32 count, u32 round) {
    within(LIMIT_MS);
    u32 got = 0, sum = 0;
    i32 n = 1;
    while (got < count && n > 0) {
      n = from.receive(memory, count - got);
      for (i32 i = 0; i < n; i++) sum = mix(sum, bytes[i]);
      got += n > 0 ? static_cast<u32>(n) : 0;
    }
    report.record(NET_ID, NET_RECEIVE, n < 0 ? n : static_cast<i32>(OK), mix(sum, got));
    within(0);
    Line line;
    line << "message " << round << ", " << got << " bytes, digest ";
    line.hex(sum);
    report.say(line);
  }

  // The other end has nothing more to say.
  void finish(Socket &socket) {
    within(LIMIT_MS);
    socket.shutdown();
    report.record(NET_ID, NET_RECEIVE, socket.receive(memory, 1));
    socket.end();
    within(0);
    report.end(report.records->chain);
    wait(0, LOOK_MS);
  }
};

void call_peer(u32) {
  End e("caller");
  NetStatus status{};
  net_status(status);
  Socket socket;
  i32 result = NET_REFUSED;
  for (u32 i = 0; i < TRIES && result < 0; i++) {  // until the other machine listens
    within(LIMIT_MS);
    if (socket.open(SocketKind::TCP) > 0) result = socket.connect(status.gateway, PORT);
    within(0);
    if (result >= 0) break;
    socket.end();
    wait(0, PAUSE_MS);
  }
  e.report.record(NET_ID, NET_CONNECT, result);
  socket.option(OPTION_NO_DELAY, 1);
  u32 round = 0;
  for (const auto &m : MESSAGES) {
    e.send(socket, m.there, round);
    e.receive(socket, m.back, round++);
  }
  e.finish(socket);
}

void peer(u32) {
  End e("peer");
  Socket listener, socket;
  e.report.record(NET_ID, NET_OPEN, listener.open(SocketKind::TCP, PORT) > 0 ? OK : FULL);
  e.report.record(NET_ID, NET_LISTEN, listener.listen(1));
  e.report.record(NET_ID, NET_ACCEPT, socket.accept(listener) > 0 ? OK : FULL);
  socket.option(OPTION_NO_DELAY, 1);
  u32 round = 0;
  for (const auto &m : MESSAGES) {
    e.receive(socket, m.there, round);
    e.send(socket, m.back, ~round++);
  }
  listener.end();
  e.finish(socket);
}

CLIENT(caller0, "caller0", CALLER, call_peer)
CLIENT(peer0, "peer0", PEER, peer)

}  // namespace
}  // namespace curios
