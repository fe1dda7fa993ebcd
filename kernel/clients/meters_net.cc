// Clients for measuring the speed of the network from outside: round trips of one byte, and bulk transfer, over
// loopback between two sockets of one client. `netmet0` uses UDP, `netmet1` TCP, `netmet2` sends a MiB over TCP; each
// prints the number of bytes and the time.
#include "sockets.h"

namespace curios {
namespace {

constexpr u32 METERS = 74, TRIPS = 1000, BULK = 1u << 20, PIECE = 4096;
constexpr u32 PORT = 9000;

struct Ends {
  Socket a, b;
  u8 *bytes;
  Handle memory;
};

bool streams(Ends &e) {
  Socket listener;
  bool good = listener.open(SocketKind::TCP, PORT) > 0 && listener.listen(1) == OK && e.a.open(SocketKind::TCP) > 0;
  e.a.option(OPTION_NO_DELAY, 1);
  good = good && e.a.connect(LOOPBACK, PORT, DONT_WAIT) == NET_AGAIN && e.b.accept(listener) > 0;
  e.b.option(OPTION_NO_DELAY, 1);
  listener.end();
  return good;
}

u32 datagram_trips(Ends &e) {
  if (e.a.open(SocketKind::UDP, PORT) < 0 || e.b.open(SocketKind::UDP, PORT + 1) < 0) return 0;
  e.a.connect(LOOPBACK, PORT + 1);
  e.b.connect(LOOPBACK, PORT);
  Endpoint &peer = *reinterpret_cast<Endpoint *>(e.bytes);
  u32 got = 0;
  for (u32 i = 0; i < TRIPS; i++) {
    peer.address = 0;
    e.a.send(e.memory, sizeof peer + 1);
    e.b.receive(e.memory, PIECE);
    peer.address = 0;
    e.b.send(e.memory, sizeof peer + 1);
    got += e.a.receive(e.memory, PIECE) == static_cast<i32>(sizeof peer + 1) ? 1 : 0;
  }
  return got;
}

u32 stream_trips(Ends &e) {
  u32 got = 0;
  for (u32 i = 0; i < TRIPS; i++) {
    e.a.send(e.memory, 1);
    e.b.receive(e.memory, PIECE);
    e.b.send(e.memory, 1);
    got += e.a.receive(e.memory, PIECE) == 1 ? 1 : 0;
  }
  return got;
}

u32 bulk(Ends &e) {
  u32 got = 0;
  while (got < BULK) {
    e.a.send(e.memory, PIECE, DONT_WAIT);
    i32 n = e.b.receive(e.memory, PIECE);
    if (n <= 0) break;
    got += static_cast<u32>(n);
  }
  return got;
}

void run(u32 base) {
  u32 kind = (base - SECTIONS) / SECTION - METERS;
  Report report("netmet", kind);
  Ends e{};
  e.bytes = reinterpret_cast<u8 *>(section(self()) + HEAP + sizeof(Records));
  e.memory = grant(e.bytes, PIECE, true);
  if (kind != 0 && !streams(e)) return report.expect("connect", 1, 0, 0), report.end(0);
  u64 start = microseconds();
  u32 got = kind == 0 ? datagram_trips(e) : kind == 1 ? stream_trips(e) : bulk(e);
  u32 took = static_cast<u32>(microseconds() - start);
  report.record(NET_ID, NET_RECEIVE, static_cast<i32>(got));
  Line line;
  line << got << (kind == 2 ? " bytes in " : " round trips in ") << took << " us";
  report.say(line);
  report.end(got);
}

CLIENT(netmet0, "netmet0", METERS + 0, run)
CLIENT(netmet1, "netmet1", METERS + 1, run)
CLIENT(netmet2, "netmet2", METERS + 2, run)

}  // namespace
}  // namespace curios
