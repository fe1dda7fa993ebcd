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
    call(console, CONSOLE_NOTIFY);
  }
}

METHODS = {{ENTRY(nothing), OK, OK, "nothing"}};

SERVICE(uartirq, UART_IRQ_ID, .main = ENTRY(run), .quota = 0x1000, .deadline = 20, .rights = MAY_WAIT_IRQ)

}  // namespace curios
