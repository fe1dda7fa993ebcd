// The client's side of the network: sockets, addresses, names.
#pragma once
#include <curios/net.h>

#include "client.h"

namespace curios {
namespace {

constexpr u32 DNS_PORT = 53, LOOPBACK = 0x7f000001;

// Each handle of the service is one socket; it exists until the handle is dropped.
template <class Through>
struct SocketThrough {
  Handle net = 0;
  i32 id = 0;        // its number, or the error on creation
  [[no_unique_address]] Through through{};

  bool is_open() const { return id > 0; }

  i32 session() {
    net = through.find("net");
    return failed(net) ? static_cast<i32>(net) : curios::connect(net);
  }
  i32 open(SocketKind kind, u32 port = 0) {
    id = session();
    if (id == OK) id = through.ask(net, NET_OPEN, static_cast<u32>(kind), port);
    return id;
  }
  i32 connect(u32 address, u32 port, u32 flags = 0) const { return through.ask(net, NET_CONNECT, address, port, flags); }
  i32 listen(u32 backlog) const { return through.ask(net, NET_LISTEN, backlog); }
  // A connection accepted from `listener`.
  i32 accept(const SocketThrough &listener, u32 flags = 0) {
    id = net == 0 ? session() : static_cast<i32>(OK);
    if (id == OK) id = through.ask(net, NET_ACCEPT, static_cast<u32>(listener.id), flags);
    return id;
  }
  i32 send(Handle memory, u32 bytes, u32 flags = 0) const { return through.ask(net, NET_SEND, memory, bytes, flags); }
  i32 receive(Handle memory, u32 room, u32 flags = 0) const { return through.ask(net, NET_RECEIVE, memory, room, flags); }
  i32 option(SocketOption what, u32 value) const { return through.ask(net, NET_OPTION, what, value); }
  i32 shutdown() const { return through.ask(net, NET_SHUTDOWN); }
  // The session remains and can open another socket.
  void close() {
    if (net != 0) through.ask(net, NET_CLOSE);
    id = 0;
  }
  void end() {
    close();
    if (net != 0) drop(net);
    net = 0;
  }
};

using Socket = SocketThrough<Direct>;

// Memory of the client, granted to services for reading and writing.
template <u32 BYTES>
struct Shared {
  alignas(4) u8 bytes[BYTES];
  Handle memory = grant(bytes, BYTES, true);
  ~Shared() { drop(memory); }
};

inline i32 net_status(NetStatus &status) {
  Handle net = lookup("net");
  if (failed(net)) return static_cast<i32>(net);
  Handle memory = grant(&status, sizeof status, true);
  i32 result = call(net, NET_STATUS, memory);
  drop(memory);
  drop(net);
  return result;
}

// Parses a number and moves past it. False: there is none.
inline bool take_number(const char *&text, u32 &n) {
  const char *start = text;
  for (n = 0; *text >= '0' && *text <= '9' && text - start < 10; text++) n = n * 10 + static_cast<u32>(*text - '0');
  return text != start;
}

// Parses A.B.C.D and moves past it.
inline bool take_address(const char *&text, u32 &address) {
  address = 0;
  for (u32 i = 0; i < 4; i++) {
    u32 part;
    if ((i != 0 && *text++ != '.') || !take_number(text, part) || part > 255) return false;
    address = address << 8 | part;
  }
  return true;
}

inline Line &address_to(Line &line, u32 address) {
  return line << (address >> 24) << "." << (address >> 16 & 0xff) << "." << (address >> 8 & 0xff) << "." << (address & 0xff);
}

// Builds a query for the address of a name (RFC 1035); its length, or 0 if the name is invalid.
inline u32 dns_question(u8 *p, const char *name, u32 room, u32 number) {
  constexpr u32 HEADER = 12, LABEL = 63;
  for (u32 i = 0; i < HEADER; i++) p[i] = 0;
  p[0] = static_cast<u8>(number >> 8);
  p[1] = static_cast<u8>(number);
  p[2] = 1;   // recursion desired
  p[5] = 1;
  u32 at = HEADER;
  while (*name != 0) {
    u32 n = 0;
    while (name[n] != 0 && name[n] != '.') n++;
    if (n == 0 || n > LABEL || at + n + 6 > room) return 0;
    p[at++] = static_cast<u8>(n);
    for (u32 i = 0; i < n; i++) p[at++] = static_cast<u8>(name[i]);
    name += n + (name[n] == '.' ? 1 : 0);
  }
  const u8 end[] = {0, 0, 1, 0, 1};
  for (u8 b : end) p[at++] = b;
  return at;
}

// The offset after a name, which a pointer may end; `bytes` if it has no end.
inline u32 dns_skip(const u8 *p, u32 bytes, u32 at) {
  while (at < bytes) {
    if (p[at] == 0) return at + 1;
    if (p[at] >= 0xc0) return at + 2;
    at += 1u + p[at];
  }
  return bytes;
}

// The first address in a response; 0 if there is none, or if the response is not to this query.
inline u32 dns_answer(const u8 *p, u32 bytes, u32 number) {
  constexpr u32 HEADER = 12, RECORD = 10;
  auto word = [p](u32 at) { return static_cast<u32>(p[at] << 8 | p[at + 1]); };
  if (bytes < HEADER || word(0) != number || (p[2] & 0x80) == 0 || (p[3] & 0xf) != 0) return 0;
  u32 at = HEADER;
  for (u32 n = word(4); n > 0 && at < bytes; n--) at = dns_skip(p, bytes, at) + 4;
  for (u32 n = word(6); n > 0 && at < bytes; n--) {
    at = dns_skip(p, bytes, at);
    if (at + RECORD > bytes) return 0;
    u32 length = word(at + 8), data = at + RECORD;
    if (word(at) == 1 && length == 4 && data + 4 <= bytes) return word(data) << 16 | word(data + 2);
    at = data + length;
  }
  return 0;
}

// The address of a host, given as a number or a name; 0 if unknown. `memory` has room for a datagram.
template <u32 BYTES>
u32 resolve(const char *host, Shared<BYTES> &memory) {
  static_assert(BYTES >= 520);
  const char *text = host, *local = "localhost";
  while (*local != 0 && *text == *local) text++, local++;
  if (*local == 0 && *text == 0) return LOOPBACK;
  text = host;
  u32 address;
  if (take_address(text, address) && *text == 0) return address;
  NetStatus status{};
  if (net_status(status) < 0 || status.name_server == 0) return 0;
  Socket socket;
  if (socket.open(SocketKind::UDP) < 0) return 0;
  Endpoint &peer = *reinterpret_cast<Endpoint *>(memory.bytes);
  u8 *message = memory.bytes + sizeof(Endpoint);
  address = 0;
  constexpr u32 TRIES = 3, PATIENCE = 2000;
  for (u32 i = 0; i < TRIES && address == 0; i++) {
    u32 number = (static_cast<u32>(microseconds()) * 0x9e3779b9u) >> 16;
    u32 n = dns_question(message, host, BYTES - sizeof(Endpoint), number);
    if (n == 0) break;
    peer = {status.name_server, DNS_PORT, 0};
    if (socket.send(memory.memory, sizeof(Endpoint) + n) < 0) break;
    Poll poll = {static_cast<u32>(socket.id), POLL_IN, 0};
    Handle polled = grant(&poll, sizeof poll, true);
    i32 ready = call(socket.net, NET_POLL, polled, 1, PATIENCE);
    drop(polled);
    if (ready <= 0) continue;
    i32 got = socket.receive(memory.memory, BYTES);
    if (got > static_cast<i32>(sizeof(Endpoint)) && peer.address == status.name_server)
      address = dns_answer(message, static_cast<u32>(got) - sizeof(Endpoint), number);
  }
  socket.end();
  return address;
}

}  // namespace
}  // namespace curios
