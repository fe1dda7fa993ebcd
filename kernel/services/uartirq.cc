// Turns the interrupts of UART0 into calls of its driver.
#include <curios/descriptor.h>

namespace curios {

constexpr u32 UART0_LINE = 12;

static i32 nothing(void *) { return OK; }

static void run(u32) {
  NO_CALLER;
  Handle console = lookup("console");
  connect(console);
  for (;;) {
    if (system(SYS_IRQ_WAIT, UART0_LINE) < 0) system(SYS_ASSERT);
    i32 result = call(console, CONSOLE_NOTIFY);
    if (result == QUARANTINED || result == LOST || result == NOT_CONNECTED) {
      disconnect(console);
      connect(console);
    } else if (result == DEAD) {
      system(SYS_EXIT);
    }
  }
}

METHODS = {{ENTRY(nothing), OK, OK, "nothing"}};

SERVICE(uartirq, UART_IRQ_ID, .main = ENTRY(run), .quota = 0x1000, .deadline = 20, .rights = MAY_WAIT_IRQ, .checks = CHECK_CODE)

}  // namespace curios
