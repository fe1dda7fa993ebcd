// Turns the interrupts of a driver's device into calls of the driver. An object of its own for each device, so that one
// driver that is slow or broken does not hold up the interrupts of another.
#pragma once
#include "descriptor.h"

// The object `name_` waits for interrupt line `line_` and calls method `method_` of service `service_` for each.
#define FORWARD_INTERRUPTS(name_, id_, line_, service_, method_)                                                      \
  static i32 nothing(void *) { return OK; }                                                                           \
  static void run(u32) { forward_interrupts(line_, service_, method_); }                                              \
  METHODS = {{ENTRY(nothing), OK, OK, "nothing"}};                                                                    \
  SERVICE(name_, id_, .main = ENTRY(run), .quota = 0x1000, .deadline = 20, .rights = MAY_WAIT_IRQ, .checks = CHECK_CODE)

namespace curios {
namespace {

// The line stays masked until the driver has been called. A driver that returns more than OK has more to do; an error of it
// costs its session at most.
[[maybe_unused]] inline void forward_interrupts(u32 line, const char *service, u32 method) {
  NO_CALLER;
  Handle driver = lookup(service);
  check(!failed(driver));
  connect(driver);
  for (;;) {
    if (irq_wait(1u << line) < 0) system(SYS_ASSERT);
    i32 result;
    do {
      result = call(driver, method);
      if (result == FAULTED) result = call(driver, method);  // what it has taken from the device is in its state
    } while (result > OK);
    if (result == QUARANTINED || result == LOST || result == NOT_CONNECTED) {
      disconnect(driver);
      connect(driver);
    } else if (result == DEAD) {
      system(SYS_EXIT);
    }
  }
}

}  // namespace
}  // namespace curios
