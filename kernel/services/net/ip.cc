// IPv4 (RFC 791, 1122): routing, fragmentation and reassembly, dispatch of received packets.
#include "net.h"

namespace curios::net {

LARGE u32 ip_frame[(DATAGRAM_MOST + HEADERS + 3) / 4];

namespace {

constexpr u32 HEADER = 20;
constexpr u32 REASSEMBLIES = 4, UNITS = DATAGRAM_MOST / 8, PATIENCE = 15000;
constexpr u32 MORE = 0x2000, DO_NOT = 0x4000, OFFSET = 0x1fff;
constexpr u32 TTL = 64;
constexpr u32 LOOPBACK = 0x7f, MULTICAST = 0xe;
constexpr u8 EVERYBODY[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

// An incomplete datagram, with a bit for each 8 bytes received.
struct Reassembly {
  u32 source, destination;   // destination 0: free
  u32 identity, until;       // identification << 16 | protocol
  u32 bytes;                 // total length; 0 while unknown
  u32 have[UNITS / 32];
  u8 data[DATAGRAM_MOST];
};

LARGE Reassembly reassemblies[REASSEMBLIES];
LARGE u32 identification, sent_in, sent;  // of the last datagram; datagrams in one millisecond
INTROSPECTION = {NOTED_VARIABLE("net.identification", u32), NOTED_VARIABLE("net.sent_in", u32), NOTED_VARIABLE("net.sent", u32),
                 NOTED_ARRAY("net.ip_frame", ip_frame)};

// No counter, which a restart would begin again: sixteen numbers for each millisecond.
u32 next_identification() {
  sent = sent_in == now() ? sent + 1 : 0;
  sent_in = now();
  return sent_in * 16 + sent;
}

bool is_near(u32 address) { return ((address ^ host.address) & host.mask) == 0; }

void header(u8 *p, u32 source, u32 destination, u32 protocol, u32 bytes, u32 fragment) {
  p[0] = 0x45;
  p[1] = 0;
  put16(p + 2, HEADER + bytes);
  put16(p + 4, identification);
  put16(p + 6, fragment);
  p[8] = TTL;
  p[9] = static_cast<u8>(protocol);
  put16(p + 10, 0);
  put32(p + 12, source);
  put32(p + 16, destination);
  store_sum(p + 10, finish_sum(sum16(p, HEADER, 0)));
}

void to_wire(u8 *frame, u32 bytes, u32 destination) {
  if (is_broadcast(destination))
    ether_send(frame, EVERYBODY, TYPE_IP, bytes);
  else if (is_near(destination) || host.gateway != 0)
    arp_send(frame, bytes, is_near(destination) ? destination : host.gateway);
}

bool complete(const Reassembly &r) {
  if (r.bytes == 0) return false;
  for (u32 unit = 0; unit < (r.bytes + 7) / 8; unit++)
    if ((r.have[unit / 32] >> unit % 32 & 1) == 0) return false;
  return true;
}

// The reassembly of a fragment's datagram, or a new one; it replaces the oldest if none is free.
Reassembly &reassembly(u32 source, u32 destination, u32 identity) {
  Reassembly *best = &reassemblies[0];
  for (Reassembly &r : reassemblies) {
    if (r.destination == destination && r.source == source && r.identity == identity) return r;
    if (best->destination != 0 && (r.destination == 0 || before(r.until, best->until))) best = &r;
  }
  best->source = source;
  best->destination = destination;
  best->identity = identity;
  best->until = after(PATIENCE);
  best->bytes = 0;
  for (u32 &word : best->have) word = 0;
  timer_runs();
  return *best;
}

// Overlapping fragments, or fragments that disagree about the end, discard the whole datagram, as RFC 5722 requires for
// IPv6.
SELDOM void fragment(const u8 *p, u32 ihl, u32 bytes, u32 source, u32 destination, bool broadcast) {
  u32 place = get16(p + 6), at = (place & OFFSET) * 8, end = at + bytes;
  bool last = (place & MORE) == 0;
  if (end > DATAGRAM_MOST || bytes == 0 || (!last && bytes % 8 != 0)) return;
  Reassembly &r = reassembly(source, destination, get16(p + 4) << 16 | p[9]);
  bool bad = (last && r.bytes != 0 && r.bytes != end) || (r.bytes != 0 && end > r.bytes);
  for (u32 unit = at / 8; unit < (end + 7) / 8 && !bad; unit++) {
    bad = (r.have[unit / 32] >> unit % 32 & 1) != 0;
    r.have[unit / 32] |= 1u << unit % 32;
  }
  for (u32 unit = (end + 7) / 8; last && !bad && unit < UNITS; unit++) bad = (r.have[unit / 32] >> unit % 32 & 1) != 0;
  if (bad) {
    r.destination = 0;
    return;
  }
  if (last) r.bytes = end;
  copy_bytes(r.data + at, p + ihl, bytes);
  if (!complete(r)) return;
  r.destination = 0;
  ip_packet(source, destination, p[9], r.data, r.bytes, p[8], nullptr, broadcast);
}

}  // namespace

bool is_local(u32 address) { return address >> 24 == LOOPBACK || (address == host.address && address != 0); }
bool is_broadcast(u32 address) {
  return address == BROADCAST || (host.address != 0 && host.mask != BROADCAST && address == (host.address | ~host.mask));
}

u32 source_for(u32 destination) {
  if (is_local(destination)) return destination;
  if (destination == 0 || (destination >> 28 >= MULTICAST && destination != BROADCAST)) return 0;
  if (!ether_present() || host.address == 0) return 0;
  return is_near(destination) || host.gateway != 0 || destination == BROADCAST ? host.address : 0;
}

u8 *ip_payload() { return reinterpret_cast<u8 *>(ip_frame) + HEADERS; }

SELDOM static void send_parts(u32 source, u32 destination, u32 protocol, u32 bytes) {
  const u8 *whole = reinterpret_cast<u8 *>(ip_frame);
  constexpr u32 PART = (MTU - HEADER) & ~7u;
  u8 *frame = reinterpret_cast<u8 *>(frame_buffer);
  for (u32 at = 0; at < bytes; at += PART) {
    u32 n = least(PART, bytes - at);
    header(frame + 16, source, destination, protocol, n, at / 8 | (at + n < bytes ? MORE : 0));
    copy_bytes(frame + HEADERS, whole + HEADERS + at, n);
    to_wire(frame, HEADER + n, destination);
  }
}

void ip_send(u32 source, u32 destination, u32 protocol, u32 bytes) {
  if (!ether_present()) return;
  identification = next_identification();
  u8 *whole = reinterpret_cast<u8 *>(ip_frame);
  if (bytes > MTU - HEADER) return send_parts(source, destination, protocol, bytes);
  header(whole + 16, source, destination, protocol, bytes, protocol == TCP ? DO_NOT : 0);
  to_wire(whole, HEADER + bytes, destination);
}

void ip_packet(u32 source, u32 destination, u32 protocol, u8 *data, u32 bytes, u32 ttl, const u8 *packet, bool broadcast) {
  switch (protocol) {
    case TCP:
      if (!broadcast) tcp_packet(source, destination, data, bytes);
      break;
    case UDP:
      udp_input(source, destination, data, bytes, packet, broadcast);
      break;
    case ICMP:
      icmp_input(source, destination, data, bytes, ttl, broadcast);
      break;
    default:
      if (!broadcast && packet != nullptr) icmp_unreachable(source, packet, ICMP_PROTOCOL);
  }
}

void ip_input(u8 *p, u32 bytes, bool broadcast) {
  if (bytes < HEADER) return;
  u32 ihl = (p[0] & 0xf) * 4u, total = get16(p + 2);
  if (p[0] >> 4 != 4 || ihl < HEADER || total < ihl || total > bytes) return;
  if (finish_sum(sum16(p, ihl, 0)) != 0) return;
  u32 source = get32(p + 12), destination = get32(p + 16);
  bool none = host.address == 0;   // DHCP may send to the offered address
  broadcast |= is_broadcast(destination);
  if (destination != host.address && !is_broadcast(destination) && !(none && p[9] == UDP)) return;
  if (source >> 28 >= MULTICAST || is_broadcast(source) || is_local(source)) return;
  if (source == 0 && p[9] != UDP) return;
  if ((get16(p + 6) & (MORE | OFFSET)) != 0)
    fragment(p, ihl, total - ihl, source, destination, broadcast);
  else
    ip_packet(source, destination, p[9], p + ihl, total - ihl, p[8], p, broadcast);
}

void ip_timers() {
  for (Reassembly &r : reassemblies) {
    if (r.destination == 0) continue;
    if (is_over(r.until))
      r.destination = 0;
    else
      timer_runs();
  }
}

}  // namespace curios::net
