// ICMP (RFC 792, 1122): echo requests and errors, sent and received. Sent errors are limited to a few per second.
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 ECHO_REPLY = 0, UNREACHABLE = 3, ECHO = 8;
constexpr u32 HEADER = 8, IP_HEADER = 20, QUOTED = 8;
constexpr u32 ERRORS = 10, SECOND = 1000;

u32 errors, since;

void send(u32 source, u32 destination, u32 bytes) {
  u8 *p = ip_payload();
  put16(p + 2, 0);
  store_sum(p + 2, finish_sum(sum16(p, bytes, 0)));
  ip_send(source, destination, ICMP, bytes);
}

// Handles an error about a packet that this machine sent; the error quotes its beginning.
void error(const u8 *p, u32 bytes) {
  const u8 *quoted = p + HEADER;
  if (bytes < HEADER + IP_HEADER) return;
  u32 ihl = (quoted[0] & 0xf) * 4u;
  if (quoted[0] >> 4 != 4 || ihl < IP_HEADER || bytes < HEADER + ihl + QUOTED) return;
  u32 local = get32(quoted + 12), remote = get32(quoted + 16);
  const u8 *ours = quoted + ihl;
  if (local != host.address) return;
  u32 ports = get16(ours) << 16 | get16(ours + 2);
  if (quoted[9] == TCP) return tcp_unreachable(remote, local, ports, get32(ours + 4), p[1], get16(p + 6));
  for (u32 i = 0; quoted[9] == UDP && i < used_sockets(); i++) {
    Control &c = controls[i];
    if (c.kind != Kind::UDP || c.ports != ports || c.remote != remote) continue;
    touch(c);
    socket_fails(c, p[1] == ICMP_PORT ? NET_REFUSED : NET_UNREACHABLE);
  }
}

void echo_reply(u32 source, u32 identifier, u8 *data, u32 bytes, u32 number) {
  for (u32 i = 0; i < used_sockets(); i++)
    if (controls[i].kind == Kind::ECHO && controls[i].local_port() == identifier)
      return deliver(controls[i], source, number, data, bytes);
}

}  // namespace

i32 echo_send(const Control &c, u32 address, u32 number, u8 *data, u32 bytes) {
  u32 source = source_for(address);
  if (source == 0) return NET_UNREACHABLE;
  if (is_local(address)) {
    echo_reply(source, c.local_port(), data, bytes, number);
    return OK;
  }
  u8 *p = ip_payload();
  put16(p, ECHO << 8);
  put16(p + 4, c.local_port());
  put16(p + 6, number);
  copy_bytes(p + HEADER, data, bytes);
  send(source, address, HEADER + bytes);
  return OK;
}

void icmp_input(u32 source, u32 destination, u8 *p, u32 bytes, u32, bool broadcast) {
  if (bytes < HEADER || broadcast || host.address == 0) return;
  if (finish_sum(sum16(p, bytes, 0)) != 0) return;
  switch (p[0]) {
    case ECHO:
      copy_bytes(ip_payload(), p, bytes);
      put16(ip_payload(), ECHO_REPLY << 8);
      send(destination, source, bytes);
      break;
    case ECHO_REPLY:
      echo_reply(source, get16(p + 4), p + HEADER, bytes - HEADER, get16(p + 6));
      break;
    case UNREACHABLE:
      error(p, bytes);
      break;
    default:
      break;
  }
}

void icmp_unreachable(u32 source, const u8 *packet, u32 code) {
  if (now() - since >= SECOND) {
    since = now();
    errors = 0;
  }
  if (errors++ >= ERRORS) return;
  u32 ihl = (packet[0] & 0xf) * 4u, quoted = ihl + least(QUOTED, get16(packet + 2) - ihl);
  u8 *p = ip_payload();
  put16(p, UNREACHABLE << 8 | code);
  put32(p + 4, 0);
  copy_bytes(p + HEADER, packet, quoted);
  send(host.address, source, HEADER + quoted);
}

}  // namespace curios::net
