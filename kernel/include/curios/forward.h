// Forwards interrupts of a device to its driver. Each device has a forwarder object of its own, so a slow or broken
// driver does not delay the interrupts of others.
#pragma once
#include "descriptor.h"

// Defines the object `name_`: it waits for interrupt line `line_` and calls method `method_` of service `service_` each
// time.
#define FORWARD_INTERRUPTS(name_, id_, line_, service_, method_)                                                      \
  static i32 nothing(void *) { return OK; }                                                                           \
  static void run(u32) { forward_interrupts(line_, service_, method_); }                                              \
  METHODS = {{ENTRY(nothing), OK, OK, "nothing"}};                                                                    \
  SERVICE(name_, id_, .main = ENTRY(run), .quota = 0x1000, .deadline = 20, .rights = MAY_WAIT_IRQ, .lines = 1u << (line_), .checks = CHECK_CODE)

namespace curios {
namespace {

// The line stays masked until the driver has been called. A result above OK means that there is more to do. An error of the
// driver means at worst a new session; one of the call itself comes from a fault, after which the interrupt would come again
// without end, so the object starts again.
[[maybe_unused]] inline void forward_interrupts(u32 line, const char *service, u32 method) {
  NO_CALLER;
  Handle driver = lookup(service);
  check(!failed(driver));
  connect(driver);
  for (;;) {
    if (irq_wait(1u << line) < 0) system(SYS_ASSERT);
    i32 result;
    do {
      asm volatile("" : "+r"(driver));  // no word with the method stays in a register
      result = call(driver & HANDLE_MASK, method);
      if (result == FAULTED) result = call(driver & HANDLE_MASK, method);  // the driver's state has what it read from the
                                                                           // device before the fault
    } while (result > OK);
    check(result != DEAD && result != BAD_HANDLE && result != BAD_METHOD && result != NO_RIGHT && result != BAD_ARGUMENT);
    if (result == QUARANTINED || result == LOST || result == NOT_CONNECTED) {
      disconnect(driver);
      connect(driver);
    }
  }
}

}  // namespace
}  // namespace curios
