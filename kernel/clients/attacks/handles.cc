// Attacks on the handles, memory and quotas of others, and on the host's services.
#include "checks.h"

namespace curios {
namespace {

// Attacks by a single client and a single service.
void theft(Checks &c) {
  char secret[16] = "secret", other[16] = "not granted";
  Handle h = grant(secret, sizeof secret, true);
  c.is("memory that is not passed is not read", BAD_HANDLE, c.attack(Attack::READ_HIDDEN, h ^ DISGUISE));
  c.is("nor written", BAD_HANDLE, c.attack(Attack::WRITE_HIDDEN, h ^ DISGUISE));
  i32 found = 0;
  for (u32 index = 0; index < 32; index++) found += c.attack(Attack::READ_BY_TRYING, index);
  c.is("nor found by trying", 0, found);
  c.is("what is passed is read", 4, c.attack(Attack::READ, h));
  c.is("it may be kept", OK, c.attack(Attack::KEEP, h));
  c.is("but is of no use later", BAD_HANDLE, c.attack(Attack::READ_KEPT));
  c.is("relay passes it on", 4, call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::READ), h));
  c.is("or does not", BAD_HANDLE, call(c.relay, RELAY_EVIL, static_cast<u32>(Attack::READ_HIDDEN), h ^ DISGUISE));
  drop(h);
  c.is("dropped memory is of no use", BAD_HANDLE, c.attack(Attack::READ, h));
  c.holds("the secret is as it was", secret[0] == 's' && secret[1] == 'e' && other[0] == 'n');
  c.is("a range round the end of memory is refused", NO_MEMORY,
       static_cast<i32>(grant(reinterpret_cast<void *>(0xfffffff0), 0x20)));
  c.is("so is one of 2 GiB", BAD_ARGUMENT, static_cast<i32>(grant(secret, 0x80000000)));
  c.is("and one of nothing", BAD_ARGUMENT, static_cast<i32>(grant(secret, 0)));
}

void gifts(Checks &c) {
  c.is("unrequested gifts", 0, c.attack(Attack::GIVE, 300));
  Handle counter = lookup("counter");
  c.holds("there is room for what is requested", !failed(counter));
  drop(counter);
}

void tests(u32) {
  Checks c("tests");
  c.is("connect", OK, connect(c.evil));
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  theft(c);
  gifts(c);
}

// A service's own handles, created for sessions that have ended.
void reopener(u32) {
  Checks c("reopen");
  u32 errors = 0;
  for (u32 i = 0; i < 300; i++)
    if (connect(c.relay) != OK || call(c.relay, RELAY_OPEN) != OK || disconnect(c.relay) != OK) errors++;
  c.is("sessions that could not be made", 0, static_cast<i32>(errors));
}

// Opens as many sessions with relay as possible, and makes relay open some elsewhere in each.
void hoarder(u32) {
  constexpr u32 MOST = 150;
  Checks c("hoarder");
  u32 made = 0;
  for (; made < MOST; made++) {
    Handle h = lookup("relay");
    if (connect(h) != OK || call(h, RELAY_OPEN) != OK) break;
  }
  c.holds("there is an end to it", made < MOST);
  wait(0, 80);
}

void late(u32) {
  Checks c("late");
  wait(0, 40);
  c.is("relay", OK, connect(c.relay));
  c.is("open", OK, call(c.relay, RELAY_OPEN));
  c.is("an innocent call", 0, call(c.relay, RELAY_SUM));
}

// Only the kernel may call the host's services: in an object the instruction is an ordinary system call.
void host(u32) {
  Checks c("host");
  constexpr u32 EXIT = 0x18, APPLICATION_EXIT = 0x20026;
  register u32 r0 asm("r0") = EXIT;
  register u32 r1 asm("r1") = APPLICATION_EXIT;
  register u32 r12 asm("r12") = static_cast<u32>(SYS_SELF);
  asm volatile("svc #0x123456" : "+r"(r0), "+r"(r1) : "r"(r12) : "memory");
  c.is("a call of the host is none", HOST, static_cast<i32>(r0));
}

}  // namespace

ORDINARY(tests0, "tests0", TESTS, tests)
ORDINARY(reopener0, "reopen", REOPENER, reopener)
ORDINARY(hoarder0, "hoarder", HOARDER, hoarder)
ORDINARY(late0, "late", LATE, late)
ORDINARY(host0, "host", HOST, host)

}  // namespace curios
