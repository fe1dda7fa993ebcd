// Attacks on the state of a waiting request.
#include "checks.h"

namespace curios {
namespace {

void sleeper(u32) {
  Checks c("sleeper");
  c.is("connect", OK, connect(c.evil));
  c.is("what it left there is there", 1234, c.attack(Attack::SLEEP, 1234));
  c.is("and kept", 1234, call(c.evil, EVIL_GET));
}

void scribbler(u32) {
  Checks c("scribbl");
  c.is("connect", OK, connect(c.evil));
  wait(0, 10);
  c.attack(Attack::SCRIBBLE, static_cast<u32>(c.attack(Attack::WHERE)));
  wait(0, 40);
  c.holds("a store into the state of who waits is a fault", inspect(Inspect::RESTARTS, EVIL_ID) > 0);
}

void unseen(u32) {
  Checks c("unseen");
  c.is("connect", OK, connect(c.evil));
  wait(0, 10);
  c.attack(Attack::SCRIBBLE_UNSEEN);
  wait(0, 40);
}

}  // namespace

ORDINARY(sleeper0, "sleeper", SLEEPER, sleeper)
ORDINARY(scribbler0, "scribbl", SCRIBBLER, scribbler)
ORDINARY(unseen0, "unseen", UNSEEN, unseen)

}  // namespace curios
