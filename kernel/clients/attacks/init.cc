// The client that ends the run.
#include "checks.h"

namespace curios {
namespace {

// Halts the machine when all clients have ended.
void init(u32) {
  NO_CALLER;
  for (;;) {
    if (inspect(Inspect::CLIENTS, self()) == 0) system(SYS_HALT, 0);
    wait(0, 2);
  }
}

}  // namespace

ATTACKER(init_object, "init", INIT_ID, init, MAY_HALT, 0)

}  // namespace curios
