// The first process of the Linux machine at the other end of the wire while services.cc is measured: echoes on port 7
// over UDP and TCP (RFC 862), and serves /bytes/N over HTTP, one request per connection.
#include "calls.h"

extern "C" {
volatile u32 measured_operation = 0;  // nothing is measured here
}

constexpr u32 HOST = 1, BLOCK = 4096;
constexpr u16 READABLE = 1;

struct Poll {
  i32 socket;
  u16 events = READABLE, happened = 0;
};

static u8 data[BLOCK];

static i32 bound(long type, u16 port) {
  i32 socket = must("socket", call(SOCKET, INTERNET, type, 0));
  Address name;
  name.port = big(port);
  name.host = 0;  // any address of this machine
  must("bind", call(BIND, socket, address(&name), sizeof name));
  if (type == STREAM) must("listen", call(LISTEN, socket, 4));
  return socket;
}

static void echo_datagram(i32 socket) {
  Address from;
  u32 length = sizeof from;
  i32 got = call(RECEIVE, socket, address(data), BLOCK, 0, address(&from), address(&length));
  if (got >= 0) call(SEND, socket, address(data), got, 0, address(&from), length);
}

static bool send_all(i32 socket, u32 bytes) {
  while (bytes > 0) {
    i32 sent = call(SEND, socket, address(data), bytes < BLOCK ? bytes : BLOCK, 0);
    if (sent <= 0) return false;
    bytes -= static_cast<u32>(sent);
  }
  return true;
}

// Reads a request up to its empty line; the number of bytes that it requests.
static u32 request(i32 socket) {
  constexpr u32 NUMBER = sizeof "GET /bytes/" - 1;
  u32 used = 0;
  while (used < 4 || data[used - 4] != '\r' || data[used - 2] != '\r') {
    i32 got = call(RECEIVE, socket, address(data + used), BLOCK - used, 0);
    if (got <= 0) return 0;
    used += static_cast<u32>(got);
  }
  u32 bytes = 0;
  for (u32 i = NUMBER; data[i] >= '0' && data[i] <= '9'; i++) bytes = bytes * 10 + data[i] - '0';
  return bytes;
}

static void serve(i32 socket) {
  u32 bytes = request(socket);
  if (call(SEND, socket, address(HEAD), sizeof HEAD - 1, 0) > 0) send_all(socket, bytes);
  call(CLOSE, socket);
}

int main() {
  interface_up("lo", 0);
  interface_up("eth0", HOST);
  i32 web = bound(STREAM, HTTP_PORT), listener = bound(STREAM, ECHO_PORT);
  Poll polls[] = {{bound(DATAGRAM, ECHO_PORT)}, {listener}, {web}, {-1}};  // the last one: an echo connection
  for (;;) {
    must("poll", call(POLL, address(polls), sizeof polls / sizeof *polls, -1));
    if (polls[0].happened != 0) echo_datagram(polls[0].socket);
    if (polls[1].happened != 0) polls[3].socket = call(ACCEPT, listener, 0, 0);
    if (polls[2].happened != 0) serve(call(ACCEPT, web, 0, 0));
    if (polls[3].happened != 0) {
      i32 got = call(RECEIVE, polls[3].socket, address(data), BLOCK, 0);
      if (got <= 0 || !send_all(polls[3].socket, static_cast<u32>(got))) {
        call(CLOSE, polls[3].socket);
        polls[3].socket = -1;
      }
    }
  }
}
