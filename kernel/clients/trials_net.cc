// The workload of trials for the network: one client at both ends of connections and datagrams over loopback. It
// records its results, and nothing that depends on time.
#include "aware.h"
#include "sockets.h"

namespace curios {
namespace {

constexpr u32 TRIAL = 72, ROUNDS = 5, PORT = 7000, BYTES = 1500;
constexpr u32 LIMIT_MS = 400;        // for data in transit: each wait for a message is bounded

using UsedSocket = SocketThrough<aware::Through<aware::Sockets>>;

struct Both {
  aware::Sockets *sockets = aware::layer<aware::Sockets>();
  Report report{"trial", 4, sockets == nullptr ? nullptr : &aware::CAREFUL};
  Shared<BYTES + sizeof(Endpoint)> data;

  Both() {
    if (sockets != nullptr) sockets->begin({data.memory, reinterpret_cast<char *>(data.bytes)});
  }
  UsedSocket socket() const { return {.through = {sockets}}; }

  // Socket numbers and byte counts depend on time; they are recorded as OK.
  i32 record(u32 method, i32 result, u32 digest = 0) {
    report.record(NET_ID, method, result < 0 ? result : static_cast<i32>(OK), digest);
    return result;
  }
  void fill(u32 at, u32 bytes, u32 seed) {
    for (u32 i = 0; i < bytes; i++) data.bytes[at + i] = static_cast<u8>(mix(seed + i * 0x9e3779b9u, i) >> 7);
  }
  u32 digest(u32 at, u32 bytes) const {
    u32 sum = 0;
    for (u32 i = 0; i < bytes; i++) sum = mix(sum, data.bytes[at + i]);
    return sum;
  }
};

// Sends bytes in one direction, and records what is received.
void transfer(Both &b, const UsedSocket &from, const UsedSocket &to, u32 bytes, u32 seed) {
  within(LIMIT_MS);
  b.fill(0, bytes, seed);
  b.record(NET_SEND, from.send(b.data.memory, bytes));
  u32 got = 0, sum = 0;
  i32 n = 1;
  while (got < bytes && n > 0) {
    n = to.receive(b.data.memory, bytes - got);
    if (n <= 0) break;
    for (i32 i = 0; i < n; i++) sum = mix(sum, b.data.bytes[i]);
    got += static_cast<u32>(n);
  }
  b.record(NET_RECEIVE, n, mix(sum, got));
}

void stream(Both &b, u32 round) {
  within(LIMIT_MS);
  UsedSocket listener = b.socket(), client = b.socket(), server = b.socket();
  b.record(NET_OPEN, listener.open(SocketKind::TCP, PORT + round));
  b.record(NET_LISTEN, listener.listen(2));
  b.record(NET_OPEN, client.open(SocketKind::TCP));
  client.option(OPTION_NO_DELAY, 1);
  client.connect(LOOPBACK, PORT + round, DONT_WAIT);
  b.record(NET_ACCEPT, server.accept(listener));
  b.record(NET_CONNECT, client.connect(LOOPBACK, PORT + round));
  transfer(b, client, server, 1, round);
  transfer(b, server, client, 1, round + 9);
  transfer(b, client, server, BYTES - 100 * round, round + 1);
  transfer(b, server, client, 200 + 100 * round, round + 2);
  within(LIMIT_MS);
  b.record(NET_SHUTDOWN, client.shutdown());
  b.record(NET_RECEIVE, server.receive(b.data.memory, BYTES));
  server.end();
  b.record(NET_RECEIVE, client.receive(b.data.memory, BYTES));
  client.end();
  listener.end();
}

void datagrams(Both &b, u32 round) {
  UsedSocket one = b.socket(), two = b.socket();
  Endpoint &peer = *reinterpret_cast<Endpoint *>(b.data.bytes);
  b.record(NET_OPEN, one.open(SocketKind::UDP, PORT + 100 + round));
  b.record(NET_OPEN, two.open(SocketKind::UDP, PORT + 200 + round));
  for (u32 i = 0; i < 3; i++) {
    within(LIMIT_MS);
    u32 bytes = 1 + i * 400;
    peer = {LOOPBACK, static_cast<u16>(PORT + 200 + round), 0};
    b.fill(sizeof peer, bytes, round + i);
    b.record(NET_SEND, one.send(b.data.memory, sizeof peer + bytes));
    i32 n = two.receive(b.data.memory, sizeof b.data.bytes);
    b.record(NET_RECEIVE, n, n < 0 ? 0 : mix(b.digest(sizeof peer, peer.bytes), peer.port));
  }
  b.record(NET_RECEIVE, two.receive(b.data.memory, BYTES, DONT_WAIT));
  one.end();
  two.end();
}

// Sends a datagram without a receiver; it reaches the driver if there is an address.
void shout(Both &b) {
  UsedSocket socket = b.socket();
  Endpoint &peer = *reinterpret_cast<Endpoint *>(b.data.bytes);
  b.record(NET_OPEN, socket.open(SocketKind::UDP, PORT));
  peer = {0xffffffff, 9, 0};
  b.fill(sizeof peer, 300, 1);
  b.record(NET_SEND, socket.send(b.data.memory, sizeof peer + 300));
  socket.end();
}

void run(u32) {
  Schedule schedule(4, 8);
  Both b;
  for (u32 round = 0; round < ROUNDS; round++) {
    schedule.await_next();
    stream(b, round);
    schedule.await_next();
    datagrams(b, round);
    schedule.await_next();
    shout(b);
    Line line;
    line << "round " << round;
    b.report.say(line);
  }
  within(0);
  b.report.end(b.report.records->chain);
  wait(0, LOOK_MS);
}

CLIENT(trial4, "trial4", TRIAL, run)

}  // namespace
}  // namespace curios
