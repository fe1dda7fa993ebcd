// Forwards interrupts of UART0 to its driver.
#include <curios/forward.h>

namespace curios {

constexpr u32 UART0_LINE = 12;

FORWARD_INTERRUPTS(uartirq, UART_IRQ_ID, UART0_LINE, "console", CONSOLE_NOTIFY)

}  // namespace curios
