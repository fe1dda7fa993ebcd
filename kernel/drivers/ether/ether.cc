// Driver of the SMSC LAN91C111 Ethernet controller (section numbers: data sheet of 2008). It stores no frames: the chip
// holds them, and after a crash the driver restarts with empty memory. A frame is sent exactly once: enqueueing it in
// the chip is part of the return. Frames pass between the chip and the client's memory; the driver does not see them.
#include <curios/descriptor.h>
#include <curios/net.h>

namespace curios {
namespace {

constexpr u32 BANK = 0x0e, CHIP = 0x33;                      // 8.3
// Bank 0
constexpr u32 TRANSMIT = 0x00, RECEIVE = 0x04;
constexpr u32 TX_ENABLE = 0x0001, TX_PAD = 0x0080, TX_FULL_DUPLEX = 0x8000;
constexpr u32 RX_SOFT_RESET = 0x8000, RX_STRIP_CRC = 0x0200, RX_ENABLE = 0x0100;
// Bank 1
constexpr u32 ADDRESS = 0x04, CONTROL = 0x0c;
constexpr u32 CONTROL_RESET = 0x1210, AUTO_RELEASE = 0x0800;
// Bank 2
constexpr u32 COMMAND = 0x00, PACKET = 0x02, ALLOCATED = 0x03, FIFOS = 0x04, POINTER = 0x06, DATA = 0x08, STATUS = 0x0c,
              MASK = 0x0d;
constexpr u32 ALLOCATE = 0x20, RESET_MEMORY = 0x40, RELEASE_RECEIVED = 0x80, RELEASE_PACKET = 0xa0, ENQUEUE = 0xc0, BUSY = 1;
constexpr u32 ALLOCATION_FAILED = 0x80, TX_EMPTY = 0x80, PACKET_BITS = 0x3f;   // FIFOS also has ETHER_EMPTY
constexpr u32 FROM_RECEIVED = 0x8000, COUNTS = 0x4000, READS = 0x2000;
constexpr u32 INT_RECEIVED = 0x01, INT_SENT = 0x02, INT_ALLOCATED = 0x08;
// Bank 3
constexpr u32 MANAGEMENT = 0x08;
constexpr u32 MCLK = 4, MDOE = 8;
// Frames in its memory, 7.3
constexpr u32 COUNT_BITS = 0x7fe, OVERHEAD = 6, ODD = 0x1000, BAD = 0xac00;
constexpr u32 ODD_CONTROL = 0x20;
constexpr u32 HEADER = 14, PATIENCE = 2000;
constexpr u32 FIRST = 4;         // offset in the client's memory, after two bytes of padding and two of the frame
constexpr u32 FIRST_WORDS = 15;  // of a frame, read together with its length: enough for a short frame
constexpr u32 BYTE = 1u << DEVICE_WIDTH_SHIFT, HALF = 2u << DEVICE_WIDTH_SHIFT;
constexpr u32 values(u32 count) { return count << DEVICE_COUNT_SHIFT; }

// Whether there is a chip. No flipped bit makes one of these the other.
constexpr u32 PRESENT = 0x5a5aa5a5, MISSING = ~PRESENT;
u32 chip;

bool is_present() { return chip != MISSING; }

u32 allocating;          // the chip has been asked for memory and has not yet allocated it

void bank(u32 n) { device_set(BANK, n, 0, 2); }
u32 get(u32 offset) { return device_read(offset, 2); }
void set(u32 offset, u32 value) { device_set(offset, value, 0, 2); }

void wait_for_memory_unit() {
  for (u32 i = 0; i < PATIENCE && (get(COMMAND) & BUSY) != 0; i++) {
  }
}

// Writes a register of the PHY, bit by bit (IEEE 802.3-2005, 22.2.4.5).
void phy_write(u32 number, u32 value) {
  u32 frame = 0x5002u << 16 | number << 18 | value;   // start, write, PHY 0, register, turnaround
  for (i32 i = 63; i >= 0; i--) {
    u32 bit = i >= 32 ? 1 : frame >> i & 1;
    set(MANAGEMENT, MDOE | bit);
    set(MANAGEMENT, MDOE | MCLK | bit);
  }
  set(MANAGEMENT, 0);
}

// Writes the registers that decide what the chip does, and selects the bank that all methods expect.
void configure() {
  device_steps({{BANK | HALF, 1}, {CONTROL | HALF, CONTROL_RESET | AUTO_RELEASE}, {BANK | HALF, 0},
                {TRANSMIT | HALF, TX_ENABLE | TX_PAD | TX_FULL_DUPLEX}, {RECEIVE | HALF, RX_ENABLE | RX_STRIP_CRC}, {BANK | HALF, 2},
                {MASK | BYTE, INT_RECEIVED}});
}

void construct(u32, u32 restarts) {
  chip = get(BANK) >> 8 == CHIP ? PRESENT : MISSING;
  if (!is_present()) return;
  if (restarts == 0) {
    bank(0);
    set(RECEIVE, RX_SOFT_RESET);
    set(RECEIVE, 0);
    bank(3);
    phy_write(0, 0x3300);   // 100 Mbit/s, restart autonegotiation, not isolated
  }
  bank(2);
  set(COMMAND, RESET_MEMORY);
  wait_for_memory_unit();
  configure();
}

i64 address(void *) {
  if (!is_present()) return static_cast<u32>(ABSENT);
  bank(1);
  u32 words[3];
  for (u32 i = 0; i < 3; i++) words[i] = get(ADDRESS + 2 * i);
  bank(2);
  return static_cast<i64>(static_cast<u64>(words[1] << 16 | words[0]) << 32 | words[2]);
}

// Frees a frame that could not be sent: the chip keeps it and stops sending until a command frees it (7.5.2).
void free_failed() {
  u32 fifos = get(FIFOS);
  if ((fifos & TX_EMPTY) == 0) {
    device_set(PACKET, fifos & PACKET_BITS, 0, 1);
    set(COMMAND, RELEASE_PACKET);
    wait_for_memory_unit();
  }
  device_set(STATUS, INT_SENT, 0, 1);
  bank(0);
  set(TRANSMIT, TX_ENABLE | TX_PAD | TX_FULL_DUPLEX);
  bank(2);
}

i32 send(void *, u32 memory, u32 bytes) {
  if (!is_present()) return ABSENT;
  if (bytes < 2 + HEADER || bytes > 2 + FRAME_MOST) return BAD_ARGUMENT;
  u32 length = bytes - 2;
  Step ask[] = {{BANK | HALF, 2}, {COMMAND | HALF, ALLOCATE}, {STATUS | BYTE | DEVICE_READS, 0}, {ALLOCATED | BYTE | DEVICE_READS, 0}};
  u32 tries = 0, from = allocating * 2;
  for (; tries < PATIENCE; tries++) {
    device_steps(ask + from, 4 - from);
    allocating = 1, from = 2;
    if ((ask[2].value & INT_SENT) != 0) free_failed();
    if ((ask[2].value & INT_ALLOCATED) != 0) break;
  }
  u32 packet = ask[3].value;
  if (tries == PATIENCE || (packet & ALLOCATION_FAILED) != 0) return FULL;
  u32 whole = (bytes - FIRST) & ~3u, rest = (bytes - FIRST) & 3;
  Step steps[] = {{PACKET | BYTE, packet & PACKET_BITS},
                  {POINTER | HALF, COUNTS | 2},
                  {DATA | HALF, (length & ~1u) + OVERHEAD},
                  {DATA | HALF | values(1) | DEVICE_GRANTED, 2},
                  {DATA | values(whole / 4) | DEVICE_GRANTED, FIRST},
                  {DATA | BYTE | values(rest) | DEVICE_GRANTED, FIRST + whole},
                  {DATA | ((length & 1) != 0 ? BYTE : HALF), (length & 1) != 0 ? ODD_CONTROL : 0u},
                  {COMMAND | HALF, ENQUEUE}};
  constexpr u32 COUNT = sizeof steps / sizeof steps[0], REST = 5;
  for (u32 i = REST; rest == 0 && i + 1 < COUNT; i++) steps[i] = steps[i + 1];
  check(bytes == asked(2));
  allocating = 0;
  device_last(OK, steps, rest == 0 ? COUNT - 1 : COUNT, memory);
}

i64 answer(i32 bytes, u32 more) { return static_cast<i64>(static_cast<u64>(more) << 32 | static_cast<u32>(bytes)); }

// Receives one frame; a damaged one counts as none. Dropping it in the chip is part of the return. Here and in send(),
// the first step selects the bank, since a fault may have changed it.
i64 receive(void *, u32 memory, u32 room) {
  if (!is_present() || room < FRAME_ROOM) return answer(ABSENT, ETHER_EMPTY);
  Step head[] = {{BANK | HALF, 2},
                 {COMMAND | HALF | DEVICE_READS, 0},
                 {FIFOS | HALF | DEVICE_READS, 0},
                 {POINTER | HALF, FROM_RECEIVED | COUNTS | READS},
                 {DATA | DEVICE_READS, 0},
                 {DATA | HALF | values(1) | DEVICE_READS | DEVICE_GRANTED, 2},
                 {DATA | values(FIRST_WORDS) | DEVICE_READS | DEVICE_GRANTED, FIRST}};
  u32 tries = 0;
  do {
    if (device_steps(head, memory) != OK) return answer(ABSENT, ETHER_EMPTY);
  } while ((head[1].value & BUSY) != 0 && ++tries < PATIENCE);
  if ((head[2].value & ETHER_EMPTY) != 0) {   // no reason for the interrupt: a register may be damaged
    configure();
    return answer(0, ETHER_EMPTY);
  }
  u32 status = head[4].value, count = head[4].value >> 16 & COUNT_BITS;
  u32 bytes = 2 + count - OVERHEAD + ((status & ODD) != 0 ? 1 : 0), whole = (bytes + 3) & ~3u;
  bool good = (status & BAD) == 0 && count >= OVERHEAD + HEADER && whole <= FRAME_ROOM;
  constexpr u32 READ = FIRST + FIRST_WORDS * 4;
  Step rest[] = {{DATA | values(good && whole > READ ? (whole - READ) / 4 : 0) | DEVICE_READS | DEVICE_GRANTED, READ},
                 {COMMAND | HALF, RELEASE_RECEIVED},
                 {FIFOS | HALF | DEVICE_READS, 0}};
  if (good && whole > READ) device_last(static_cast<i32>(bytes), rest, 3, memory);
  device_last(good ? static_cast<i32>(bytes) : 0, rest + 1, 2, memory);
}

}  // namespace

METHODS = {
    {ENTRY(address), ABSENT, 0xffff, "address"},
    {ENTRY(send), FULL, OK, "send"},
    {ENTRY(receive), ABSENT, FRAME_ROOM, "receive"},
};

SERVICE(ether, ETHER_ID, .construct = ENTRY(construct), .deadline = 20, .rights = LARGE_STACKS,
        .device = {0x10010000}, .longest_wait = 0, .checks = CHECK_PRIVATE)

}  // namespace curios
