// Forwards interrupts of the Ethernet controller to the TCP/IP service, which asks the driver for frames.
#include <curios/forward.h>
#include <curios/net.h>

namespace curios {

constexpr u32 ETHER_LINE = 25;

FORWARD_INTERRUPTS(netirq, NET_IRQ_ID, ETHER_LINE, "net", NET_NOTIFY)

}  // namespace curios
