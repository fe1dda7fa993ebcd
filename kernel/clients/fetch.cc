// Fetches /bytes/N from the httpd of another machine, its gateway, checks each byte, and prints the result.
#include "sockets.h"

namespace curios {
namespace {

constexpr u32 FETCH = 77, PORT = 80, BYTES = 1000000, ROOM = 4096, TRIES = 100;

u8 expected(u32 at) {
  u32 word = (at / 4) * 0x9e3779b9u;
  return static_cast<u8>((word ^ word >> 15) >> at % 4 * 8);
}

// The number of bytes received, and how many of them were wrong.
struct Seen {
  u32 bytes = 0, wrong = 0, head = 0;
};

void look(Seen &seen, const u8 *bytes, u32 n) {
  for (u32 i = 0; i < n; i++) {
    if (seen.head < 4) {   // the head ends with \r\n\r\n
      seen.head = bytes[i] == (seen.head % 2 == 0 ? '\r' : '\n') ? seen.head + 1 : bytes[i] == '\r' ? 1 : 0;
      continue;
    }
    if (bytes[i] != expected(seen.bytes)) seen.wrong++;
    seen.bytes++;
  }
}

void run(u32) {
  Report report("fetch", 0);
  u8 *bytes = reinterpret_cast<u8 *>(section(self()) + HEAP + sizeof(Records));
  Handle memory = grant(bytes, ROOM, true);
  NetStatus status{};
  net_status(status);
  Socket socket;
  i32 result = socket.open(SocketKind::TCP);
  for (u32 i = 0; i < TRIES; i++) {   // the other machine may not listen yet
    result = socket.connect(status.gateway, PORT);
    if (result == OK) break;
    socket.close();
    wait(0, 20);
    socket.end();
    socket.open(SocketKind::TCP);
  }
  const char request[] = "GET /bytes/1000000 HTTP/1.0\r\n\r\n";
  for (u32 i = 0; i < sizeof request - 1; i++) bytes[i] = static_cast<u8>(request[i]);
  if (result == OK) result = socket.send(memory, sizeof request - 1);
  Seen seen;
  while (result > 0) {
    result = socket.receive(memory, ROOM);
    if (result > 0) look(seen, bytes, static_cast<u32>(result));
  }
  socket.end();
  report.expect("result", OK, result, 0);
  report.expect("bytes", BYTES, static_cast<i32>(seen.bytes), 0);
  report.expect("wrong bytes", 0, static_cast<i32>(seen.wrong), 0);
  report.end(seen.bytes);
}

CLIENT(fetch, "fetch0", FETCH, run)

}  // namespace
}  // namespace curios
