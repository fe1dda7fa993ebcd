// UDP (RFC 768). Received datagrams are in the receive ring, each after an Endpoint.
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 HEADER = sizeof(Endpoint);

[[gnu::noinline]] Control *find_receiver(u32 source, u32 ports) {
  Control *best = nullptr;
  for (u32 i = 0; i < used_sockets; i++) {
    Control &c = controls[i];
    if (c.kind != Kind::UDP || c.local_port() != ports >> 16) continue;
    if (c.remote == 0)
      best = &c;
    else if (c.remote == source && c.remote_port() == (ports & 0xffff))
      return &c;
  }
  return best;
}

// Looks twice before a datagram is dropped.
Control *receiver(u32 source, u32 ports) {
  Control *c = find_receiver(source, ports);
  return c != nullptr ? c : find_receiver(anew(source), ports);
}

}  // namespace

// If the ring is full the datagram is dropped. The Endpoint is written to the memory before the data.
void deliver(Control &c, u32 address, u32 port, u8 *data, u32 bytes) {
  u32 room = RING - (c.received - c.read), whole = HEADER + ((bytes + 3) & ~3u);
  if (whole > room) {
    dropped++;
    return;
  }
  u8 *record = data - HEADER;
  *reinterpret_cast<Endpoint *>(record) = {address, static_cast<u16>(port), static_cast<u16>(bytes)};
  touch(c);
  ring_put(receive_ring(c), c.received, record, HEADER + bytes);
  c.to(c.received, c.received + whole);
  socket_wakes(c);
}

void udp_output(u32 source, u32 destination, u32 ports, u32 bytes) {
  u8 *p = ip_payload();
  bytes += UDP_HEADER;
  put16(p, ports & 0xffff);
  put16(p + 2, ports >> 16);
  put16(p + 4, bytes);
  put16(p + 6, 0);
  u32 sum = finish_sum(sum16(p, bytes, pseudo_sum(source, destination, UDP, bytes)));
  store_sum(p + 6, sum == 0 ? 0xffff : sum);
  ip_send(source, destination, UDP, bytes);
}

i32 udp_send(const Control &c, u32 address, u32 port, u8 *data, u32 bytes) {
  u32 source = source_for(address);
  if (source == 0) return NET_UNREACHABLE;
  if (!is_local(address)) {
    copy_bytes(ip_payload() + UDP_HEADER, data, bytes);
    udp_output(source, address, port << 16 | c.local_port(), bytes);
    return OK;
  }
  Control *to = receiver(source, port << 16 | c.local_port());
  if (to == nullptr) return c.remote != 0 ? static_cast<i32>(NET_REFUSED) : static_cast<i32>(OK);
  deliver(*to, source, c.local_port(), data, bytes);
  return OK;
}

void udp_input(u32 source, u32 destination, u8 *p, u32 bytes, const u8 *packet, bool broadcast) {
  if (bytes < UDP_HEADER) return;
  u32 length = get16(p + 4);
  if (length < UDP_HEADER || length > bytes) return;
  if ((p[6] | p[7]) != 0 && finish_sum(sum16(p, length, pseudo_sum(source, destination, UDP, length))) != 0) return;
  u32 ports = get16(p + 2) << 16 | get16(p);
  if (ports >> 16 == DHCP_CLIENT) return dhcp_input(p + UDP_HEADER, length - UDP_HEADER);
  if (host.address == 0) return;
  Control *c = receiver(source, ports);
  if (c != nullptr)
    deliver(*c, source, ports & 0xffff, p + UDP_HEADER, length - UDP_HEADER);
  else if (!broadcast && packet != nullptr)
    icmp_unreachable(source, packet, ICMP_PORT);
}

}  // namespace curios::net
