// Ethernet addresses of neighbours (RFC 826). The table is bounded: the entry that expires first is replaced. Resolved
// entries survive a crash. A few packets wait for replies.
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 NEIGHBOURS = 16, WAITING = 4, PACKET = 28;
constexpr u32 LIFE = 300000, PATIENCE = 1000, TRIES = 3;
constexpr u32 REQUEST = 1, REPLY = 2;
constexpr u8 EVERYBODY[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

struct Neighbour {
  u32 address;           // 0: free
  u32 until;             // ticks
  u8 hardware[6];
  u8 known, tries;
};
struct Waiting {
  u32 address, bytes;    // address 0: free; bytes after the Ethernet header
  u32 frame[FRAME_ROOM / 4];
};

LARGE Neighbour neighbours[NEIGHBOURS];
LARGE Waiting waiting[WAITING];
u32 oldest;              // of the waiting packets

static_assert(sizeof neighbours <= sizeof Kept::neighbours);

void keep_it(const Neighbour &n) {
  u32 offset = static_cast<u32>(&n - neighbours) * sizeof(Neighbour);
  check(keep(KEPT_NEIGHBOURS + offset, &n, sizeof n) == OK);
}

Neighbour *find(u32 address) {
  for (Neighbour &n : neighbours)
    if (n.address == address) return &n;
  return nullptr;
}

// A free entry, or the one that expires first.
Neighbour *place() {
  Neighbour *best = &neighbours[0];
  for (Neighbour &n : neighbours) {
    if (n.address == 0) return &n;
    if (before(n.until, best->until)) best = &n;
  }
  return best;
}

void say(u32 operation, u32 target, const u8 *target_hardware) {
  u8 *frame = reinterpret_cast<u8 *>(frame_buffer), *p = frame + 16;
  put16(p, 1);
  put16(p + 2, TYPE_IP);
  p[4] = 6;
  p[5] = 4;
  put16(p + 6, operation);
  copy_bytes(p + 8, hardware, 6);
  put32(p + 14, host.address);
  for (u32 i = 0; i < 6; i++) p[18 + i] = operation == REPLY ? target_hardware[i] : 0;
  put32(p + 24, target);
  ether_send(frame, target_hardware, TYPE_ARP, PACKET);
}

// Keeps a packet until its neighbour `n` answers; asks for it if `n` is null.
SELDOM void hold(const Neighbour *n, const u8 *frame, u32 bytes, u32 next) {
  Waiting &w = waiting[oldest % WAITING];
  oldest = (oldest + 1) % WAITING;
  w.address = next;
  w.bytes = bytes;
  copy_bytes(w.frame, frame, 16 + bytes);
  timer_runs();
  if (n != nullptr) return;
  *place() = {next, after(PATIENCE), {}, 0, 1};
  say(REQUEST, next, EVERYBODY);
}

// Asks again for a neighbour that has not answered, and forgets it in the end.
SELDOM void expire(Neighbour &n) {
  if (n.known == 0 && n.tries < TRIES) {
    n.tries++;
    n.until = after(PATIENCE);
    return say(REQUEST, n.address, EVERYBODY);
  }
  for (Waiting &w : waiting)
    if (w.address == n.address) w.address = 0;
  n.address = 0;
}

void learn(Neighbour *n, u32 address, const u8 *from) {
  bool changed = n->address != address || n->known == 0;
  for (u32 i = 0; i < 6; i++) changed |= n->hardware[i] != from[i];
  n->address = address;
  n->until = after(LIFE);
  n->known = 1;
  n->tries = 0;
  copy_bytes(n->hardware, from, 6);
  if (changed) keep_it(*n);
  for (u32 i = 0; i < WAITING; i++) {
    Waiting &w = waiting[(oldest + i) % WAITING];
    if (w.address != address) continue;
    w.address = 0;
    ether_send(reinterpret_cast<u8 *>(w.frame), n->hardware, TYPE_IP, w.bytes);
  }
}

}  // namespace

void arp_restore() {
  for (u32 i = 0; i < NEIGHBOURS; i++) {
    const Neighbour &was = kept_memory<NET_ID, Neighbour>(KEPT_NEIGHBOURS)[i];
    if (was.known != 0) neighbours[i] = was;
  }
}

void arp_announce() { say(REQUEST, host.address, EVERYBODY); }

void arp_send(u8 *frame, u32 bytes, u32 next) {
  Neighbour *n = find(next);
  if (n == nullptr || n->known == 0) return hold(n, frame, bytes, next);
  ether_send(frame, n->hardware, TYPE_IP, bytes);
}

// No checksum protects what a frame says once the driver has it. But the frame names its sender twice, in `source` as well:
// where the two differ, one is damaged, and learning it would lead all packets for the neighbour astray.
void arp_input(const u8 *p, u32 bytes, const u8 *source) {
  if (bytes < PACKET || get16(p) != 1 || get16(p + 2) != TYPE_IP || p[4] != 6 || p[5] != 4) return;
  u32 operation = get16(p + 6), sender = get32(p + 14), target = get32(p + 24);
  u8 from[6];
  copy_bytes(from, p + 8, 6);
  for (u32 i = 0; i < 6; i++)
    if (from[i] != source[i]) return;
  if ((from[0] & 1) != 0 || sender == BROADCAST || sender == host.address) return;
  bool asks_us = target == host.address && host.address != 0 && operation == REQUEST;
  Neighbour *n = sender == 0 ? nullptr : find(sender);
  if (n == nullptr && asks_us && sender != 0) n = place();
  if (n != nullptr) learn(n, sender, from);
  if (asks_us) say(REPLY, sender, from);
}

void arp_timers() {
  for (Neighbour &n : neighbours) {
    if (n.address == 0) continue;
    if (n.known == 0) timer_runs();
    if (is_over(n.until)) expire(n);
  }
}

}  // namespace curios::net
