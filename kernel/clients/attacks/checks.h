// Attacks on the kernel's promises, by clients of the image tests/attacks. Those that must run together form a scenario
// (ScenariosTest). Each prints what must hold and whether it does; innocent clients must see no error.
#pragma once
#include "../../tests/attacks/attacks.h"
#include "../client.h"

namespace curios {
namespace {

constexpr u32 TESTS = 16, CULPRIT = 17, FREER = 18, LEAVER = 19, CHURNER = 20, VICTIM = 21, STUCK = 22, POISONER = 29, LOCK = 30,
              CLOSER = 31, WAKER = 32, THIRD = 33, SPINNER = 34, INNOCENT = 35, LOW = 36, SLEEPER = 37, SCRIBBLER = 38,
              REOPENER = 39, DRIVER = 40, HOST = 41, DEEP = 42, HEALTHY = 43, RUSHER = 44, TURNER = 45, UNSEEN = 46,
              PATIENT = 47, HOLDER = 48, CRASHER = 49, BYSTANDER = 50, HOARDER = 51, LATE = 52, BOUND = 53;

struct Checks {
  Report report;
  Handle evil, relay;

  explicit Checks(const char *name, u32 number = 0)
      : report(name, number), evil(lookup("evil")), relay(lookup("relay")) {}

  bool is(const char *what, i32 wanted, i32 got) {
    Line line;
    line << what << ": ";
    if (wanted == got)
      line << "ok";
    else
      line << "FAILED, wanted " << wanted << ", got " << got;
    report.say(line);
    return wanted == got;
  }
  bool holds(const char *what, bool it) { return is(what, 1, it ? 1 : 0); }

  i32 attack(Attack what, u32 a = 0) { return call(evil, EVIL_DO, static_cast<u32>(what), a); }
};

[[maybe_unused]] bool is_active(u32 id) { return inspect(Inspect::STATE, id) == static_cast<i32>(ObjectState::ACTIVE); }

[[maybe_unused]] i32 poison(Handle h, Poison p) { return call(h, EVIL_SET, static_cast<u32>(p)); }

}  // namespace

// Ordinary clients have no rights, and no priority above the common one.
#define ATTACKER(symbol, name_, id_, main_, rights_, urgency_)                                                       \
  [[gnu::used, gnu::section(".descriptor_data")]] static const Descriptor symbol = {                                 \
      .name = name_, .id = id_, .main = reinterpret_cast<u32>(main_), .heap_limit = 0x8000, .quota = 0x4000,         \
      .rights = SHARES_CLIENT_CODE | LARGE_STACKS | (rights_), .priority = COMMON_PRIORITY, .urgency = urgency_};    \
  [[gnu::used, gnu::section(".descriptors")]] static const Descriptor *const symbol##_described = &symbol;
#define ORDINARY(symbol, name_, id_, main_) ATTACKER(symbol, name_, id_, main_, 0, 0)

}  // namespace curios
