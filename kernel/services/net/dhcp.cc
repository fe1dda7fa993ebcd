// The address of this machine: from the boot argument ip=ADDRESS/BITS[,gw=ADDRESS][,dns=ADDRESS], or by DHCP (RFC 2131)
// for ip=dhcp; without the argument there is none. The address and the state of DHCP are in kept memory.
#include "net.h"

namespace curios::net {
namespace {

constexpr u32 SERVER = 67, PORTS = SERVER << 16 | DHCP_CLIENT;
constexpr u32 FIXED_PART = 236, COOKIE = 0x63825363, OPTIONS = FIXED_PART + 4, WHOLE = OPTIONS + 60;
constexpr u32 HOST_TAG = 0x4e480001;
constexpr u32 FIRST_WAIT = 4000, LONGEST_WAIT = 64000, LEAST_RENEWAL = 60000;   // ticks
constexpr u32 DISCOVER = 1, OFFER = 2, REQUEST = 3, ACKNOWLEDGE = 5, REFUSE = 6;
enum Option : u8 { MASK = 1, ROUTER = 3, NAME_SERVER = 6, ADDRESS = 50, LEASE = 51, TYPE = 53, ID = 54, WANTED = 55, END = 255 };

struct Options {
  u32 type = 0, mask = 0, router = 0, name_server = 0, server = 0, lease = 0;
};

u32 number(const u8 *p, u32 bytes) { return bytes >= 4 ? get32(p) : 0; }

Options parse(const u8 *p, u32 bytes) {
  Options o;
  for (u32 i = 0; i < bytes && p[i] != END;) {
    if (p[i] == 0) {
      i++;
      continue;
    }
    if (i + 2 > bytes || p[i + 1] > bytes - i - 2) break;
    const u8 *value = p + i + 2;
    u32 n = p[i + 1];
    switch (p[i]) {
      case TYPE: o.type = n == 1 ? value[0] : 0; break;
      case MASK: o.mask = number(value, n); break;
      case ROUTER: o.router = number(value, n); break;
      case NAME_SERVER: o.name_server = number(value, n); break;
      case ID: o.server = number(value, n); break;
      case LEASE: o.lease = number(value, n); break;
      default: break;
    }
    i += 2 + n;
  }
  return o;
}

void send(u32 type) {
  u8 *message = ip_payload() + UDP_HEADER, *p = message + OPTIONS;
  __builtin_memset(message, 0, WHOLE);
  message[0] = 1;
  message[1] = 1;
  message[2] = 6;
  put32(message + 4, host.transaction);
  bool has_address = host.lease == Lease::RENEW || host.lease == Lease::REBIND;
  if (has_address) put32(message + 12, host.address);
  if (!has_address) put16(message + 10, 0x8000);
  copy_bytes(message + 28, hardware, 6);
  put32(message + FIXED_PART, COOKIE);
  auto option = [&p](u8 code, u32 bytes, u32 value) {
    *p++ = code;
    *p++ = static_cast<u8>(bytes);
    for (u32 i = bytes; i > 0; i--) *p++ = static_cast<u8>(value >> (i - 1) * 8);
  };
  option(TYPE, 1, type);
  if (host.lease == Lease::REQUEST) {
    option(ADDRESS, 4, host.offered);
    option(ID, 4, host.server);
  }
  option(WANTED, 3, MASK << 16 | ROUTER << 8 | NAME_SERVER);
  *p = END;
  u32 to = host.lease == Lease::RENEW ? host.server : BROADCAST;
  udp_output(has_address ? host.address : 0, to, PORTS, WHOLE);
}

void begin_with(Lease lease) {
  host.to(host.lease, lease);
  host.to(host.wait, FIRST_WAIT);
  host.to(host.due, after(FIRST_WAIT));
}

void discover() {
  host.to(host.address, 0);
  host.to(host.mask, 0);
  host.to(host.gateway, 0);
  host.to(host.name_server, 0);
  host.to(host.transaction, secret_number(host.transaction, now(), 0, 3));
  begin_with(Lease::DISCOVER);
}

// Length of a lease in ticks, at most a week.
u32 lease_ticks(u32 seconds) {
  constexpr u32 WEEK = 7 * 24 * 3600;
  return least(seconds == 0 ? 3600 : seconds, WEEK) * 977;
}

void bound(const Options &o, u32 address) {
  host.to(host.address, address);
  host.to(host.mask, o.mask == 0 ? 0xffffff00 : o.mask);
  host.to(host.gateway, o.router);
  host.to(host.name_server, o.name_server);
  host.to(host.lease, Lease::BOUND);
  u32 ticks = lease_ticks(o.lease);
  host.to(host.renew_at, after(most(ticks / 2, LEAST_RENEWAL)));
  host.to(host.rebind_at, after(most(ticks / 8 * 7, LEAST_RENEWAL)));
  host.to(host.ends_at, after(most(ticks, LEAST_RENEWAL)));
  host.to(host.due, host.renew_at);
}

// The boot arguments. Words after their end are 0.
class Arguments {
 public:
  Arguments() {
    for (u32 i = 0; i < WORDS && has_character(words_[i] = static_cast<u32>(system(SYS_ARGUMENT, i))); i++) {}
  }
  char at(u32 i) const { return i / 4 < WORDS ? static_cast<char>(words_[i / 4] >> i % 4 * 8) : '\0'; }

  // The offset after `key`, where a word starts with it, from `from` on; 0: not found.
  u32 find(const char *key, u32 from) const {
    for (u32 i = from; at(i) != 0; i++) {
      if (at(i) != key[0] || (i != 0 && at(i - 1) != ' ' && at(i - 1) != ',')) continue;
      u32 n = 0;
      while (key[n] != 0 && at(i + n) == key[n]) n++;
      if (key[n] == 0) return i + n;
    }
    return 0;
  }

  bool address_at(u32 &i, u32 &address) const {
    address = 0;
    for (u32 part = 0; part < 4; part++) {
      if (part != 0 && at(i++) != '.') return false;
      u32 n = 0, digits = 0;
      for (; at(i) >= '0' && at(i) <= '9' && digits < 3; i++, digits++) n = n * 10 + static_cast<u32>(at(i) - '0');
      if (digits == 0 || n > 255) return false;
      address = address << 8 | n;
    }
    return true;
  }

 private:
  static constexpr u32 WORDS = 64;
  static bool has_character(u32 word) { return word >> 24 != 0; }
  u32 words_[WORDS] = {};
};

// What the boot arguments say of this machine's address.
struct Given {
  u32 lease, address = 0, mask = 0, gateway = 0, name_server = 0;

  bool operator==(const Given &) const = default;
};

[[gnu::noinline]] Given given() {
  constexpr u32 NOTHING = static_cast<u32>(Lease::ABSENT);
  const Arguments all;
  u32 at = all.find("ip=", 0), bits = 0, number = 0;
  if (at == 0) return {NOTHING};
  if (all.at(at) == 'd') return {static_cast<u32>(Lease::DISCOVER)};
  Given g{static_cast<u32>(Lease::FIXED)};
  if (!all.address_at(at, g.address) || all.at(at) != '/') return {NOTHING};
  for (at++; all.at(at) >= '0' && all.at(at) <= '9' && bits <= 32; at++) bits = bits * 10 + static_cast<u32>(all.at(at) - '0');
  if (bits == 0 || bits > 32) return {NOTHING};
  g.mask = ~0u << (32 - bits);
  u32 gateway = all.find("gw=", at), name_server = all.find("dns=", at);
  if (gateway != 0 && all.address_at(gateway, number)) g.gateway = number;
  if (name_server != 0 && all.address_at(name_server, number)) g.name_server = number;
  return g;
}

}  // namespace

void dhcp_init() {
  if (host.guard.tag == 0) host.to(host.guard.tag, HOST_TAG);
  if (host.lease != Lease::NONE || !ether_present()) return;
  const Given g = given();
  check(given() == g);
  touch_host();
  if (g.lease == static_cast<u32>(Lease::ABSENT)) return host.to(host.lease, Lease::ABSENT);
  if (g.lease == static_cast<u32>(Lease::DISCOVER)) {
    discover();
    return send(DISCOVER);
  }
  host.to(host.address, g.address);
  host.to(host.mask, g.mask);
  host.to(host.gateway, g.gateway);
  host.to(host.name_server, g.name_server);
  host.to(host.lease, Lease::FIXED);
  arp_announce();
}

void dhcp_input(const u8 *p, u32 bytes) {
  if (bytes < OPTIONS || p[0] != 2 || get32(p + 4) != host.transaction || get32(p + FIXED_PART) != COOKIE) return;
  for (u32 i = 0; i < 6; i++)
    if (p[28 + i] != hardware[i]) return;
  Options o = parse(p + OPTIONS, bytes - OPTIONS);
  u32 address = get32(p + 16);
  bool asked = host.lease == Lease::REQUEST || host.lease == Lease::RENEW || host.lease == Lease::REBIND;
  if (o.type == OFFER && host.lease == Lease::DISCOVER && address != 0) {
    touch_host();
    host.to(host.offered, address);
    host.to(host.server, o.server);
    begin_with(Lease::REQUEST);
    send(REQUEST);
  } else if (o.type == ACKNOWLEDGE && asked && address != 0) {
    touch_host();
    bound(o, address);
    arp_announce();
  } else if (o.type == REFUSE && asked) {
    touch_host();
    discover();
  }
}

SELDOM static void next_step() {
  touch_host();
  if (host.lease == Lease::BOUND) {
    begin_with(Lease::RENEW);
    return send(REQUEST);
  }
  if (host.lease == Lease::RENEW && is_over(host.rebind_at)) begin_with(Lease::REBIND);
  if ((host.lease == Lease::REBIND && is_over(host.ends_at)) || (host.lease == Lease::REQUEST && host.wait > 4 * FIRST_WAIT))
    discover();
  host.to(host.wait, least(host.wait * 2, LONGEST_WAIT));
  host.to(host.due, after(host.wait));
  send(host.lease == Lease::DISCOVER ? DISCOVER : REQUEST);
}

void dhcp_timers() {
  if (host.lease == Lease::NONE || host.lease == Lease::FIXED || host.lease == Lease::ABSENT) return;
  timer_runs();
  if (is_over(host.due)) next_step();
}

u32 lease_left() {
  if (host.lease == Lease::FIXED) return FOREVER;
  if (host.lease < Lease::BOUND || host.lease == Lease::ABSENT) return 0;
  return (host.ends_at - now()) / 977;
}

}  // namespace curios::net
