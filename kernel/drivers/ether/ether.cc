// Driver of the SMSC LAN91C111 Ethernet controller (section numbers: data sheet of 2008). It stores no frames: the chip
// holds them, and after a crash the driver restarts with empty memory. A frame is sent exactly once: enqueueing it in
// the chip is the commit.
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
constexpr u32 AUTO_RELEASE = 0x0800;
// Bank 2
constexpr u32 COMMAND = 0x00, PACKET = 0x02, ALLOCATED = 0x03, FIFOS = 0x04, POINTER = 0x06, DATA = 0x08, STATUS = 0x0c,
              MASK = 0x0d;
constexpr u32 ALLOCATE = 0x20, RESET_MEMORY = 0x40, RELEASE_RECEIVED = 0x80, RELEASE_PACKET = 0xa0, ENQUEUE = 0xc0, BUSY = 1;
constexpr u32 ALLOCATION_FAILED = 0x80, RX_EMPTY = 0x8000, TX_EMPTY = 0x80, PACKET_BITS = 0x3f;
constexpr u32 FROM_RECEIVED = 0x8000, COUNTS = 0x4000, READS = 0x2000;
constexpr u32 INT_RECEIVED = 0x01, INT_SENT = 0x02, INT_ALLOCATED = 0x08;
// Bank 3
constexpr u32 MANAGEMENT = 0x08;
constexpr u32 MCLK = 4, MDOE = 8;
// Frames in its memory, 7.3
constexpr u32 COUNT_BITS = 0x7fe, OVERHEAD = 6, ODD = 0x1000, BAD = 0xac00;
constexpr u8 ODD_CONTROL = 0x20;
constexpr u32 HEADER = 14, PATIENCE = 2000, LOOKS = 8;
constexpr u32 FIRST_WORDS = 16;  // of a frame, read together with its length: enough for a short frame
constexpr u32 BYTE = 1u << DEVICE_WIDTH_SHIFT, HALF = 2u << DEVICE_WIDTH_SHIFT;
constexpr u32 words(u32 count) { return count << DEVICE_COUNT_SHIFT; }

LARGE u32 buffer[FRAME_ROOM / 4 + 2];
u32 present;
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

void construct(u32, u32 restarts) {
  present = get(BANK) >> 8 == CHIP;
  if (present == 0) return;
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
  device_set(MASK, INT_RECEIVED, 0, 1);
  bank(1);
  set(CONTROL, get(CONTROL) | AUTO_RELEASE);
  bank(0);
  set(TRANSMIT, TX_ENABLE | TX_PAD | TX_FULL_DUPLEX);
  set(RECEIVE, RX_ENABLE | RX_STRIP_CRC);
  bank(2);   // the bank that all methods expect
}

i64 address(void *) {
  if (present == 0) return static_cast<u32>(ABSENT);
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
  if (present == 0) return ABSENT;
  if (bytes < 2 + HEADER || bytes > 2 + FRAME_MOST) return BAD_ARGUMENT;
  i32 result = copy_in(memory, 0, buffer, (bytes + 3) & ~3u);
  if (result < 0) return result;
  u32 length = bytes - 2;
  Step ask[] = {{COMMAND | HALF, ALLOCATE}, {STATUS | BYTE | DEVICE_READS, 0}, {ALLOCATED | BYTE | DEVICE_READS, 0}};
  u32 tries = 0;
  for (; tries < PATIENCE; tries++) {
    device_steps(ask + allocating, 3 - allocating);
    allocating = 1;
    if ((ask[1].value & INT_SENT) != 0) free_failed();
    if ((ask[1].value & INT_ALLOCATED) != 0) break;
  }
  u32 packet = ask[2].value;
  if (tries == PATIENCE || (packet & ALLOCATION_FAILED) != 0) return FULL;
  allocating = 0;
  u8 *p = reinterpret_cast<u8 *>(buffer);
  u32 count = (length & ~1u) + OVERHEAD;
  p[0] = static_cast<u8>(count);
  p[1] = static_cast<u8>(count >> 8);
  p[bytes] = (length & 1) != 0 ? ODD_CONTROL : 0;
  p[bytes + 1] = 0;
  device_steps({{PACKET | BYTE, packet & PACKET_BITS},
                {POINTER | HALF, COUNTS | 2},
                {DATA | words((bytes + 2 + 3) / 4), reinterpret_cast<u32>(buffer)}});
  check(bytes == asked(2));
  u32 command = ENQUEUE;
  device_put(COMMAND, &command, 1, 2);
  return OK;
}

i64 answer(i32 bytes, bool more) { return static_cast<i64>(static_cast<u64>(more) << 32 | static_cast<u32>(bytes)); }

// Drops the frame that was read; whether there is another one.
bool release() {
  u32 command = RELEASE_RECEIVED;
  device_put(COMMAND, &command, 1, 2);
  Step look[] = {{COMMAND | HALF | DEVICE_READS, BUSY}, {FIFOS | HALF | DEVICE_READS, RX_EMPTY}};
  for (u32 i = 0; i < PATIENCE && (look[0].value & BUSY) != 0; i++) device_steps(look);
  return (look[1].value & RX_EMPTY) == 0;
}

// The number of bytes, and whether more frames wait.
i64 receive(void *, u32 memory, u32 room) {
  if (present == 0) return answer(ABSENT, false);
  bool more = true;
  for (u32 look = 0; look < LOOKS && more; look++) {
    Step head[] = {{FIFOS | HALF | DEVICE_READS, 0},
                   {POINTER | HALF, FROM_RECEIVED | COUNTS | READS},
                   {DATA | HALF | DEVICE_READS, 0},
                   {DATA | words(FIRST_WORDS) | DEVICE_READS, reinterpret_cast<u32>(buffer)}};
    device_steps(head);
    if ((head[0].value & RX_EMPTY) != 0) return 0;
    u32 status = head[2].value, count = buffer[0] & COUNT_BITS;
    u32 bytes = 2 + count - OVERHEAD + ((status & ODD) != 0 ? 1 : 0), whole = (bytes + 3) & ~3u;
    bool good = (status & BAD) == 0 && count >= OVERHEAD + HEADER && whole <= FRAME_ROOM && whole <= room;
    if (good) {
      if (whole > FIRST_WORDS * 4) device_get(DATA, buffer + FIRST_WORDS, whole / 4 - FIRST_WORDS, 4);
      i32 result = copy_out(memory, 0, buffer, whole);
      if (result < 0) return answer(result, false);
    }
    more = release();
    if (good) return answer(static_cast<i32>(bytes), more);
  }
  return answer(0, more);
}

}  // namespace

METHODS = {
    {ENTRY(address), ABSENT, 0xffff, "address"},
    {ENTRY(send), FULL, OK, "send"},
    {ENTRY(receive), ABSENT, FRAME_ROOM, "receive"},
};

SERVICE(ether, ETHER_ID, .construct = ENTRY(construct), .heap_limit = 0x1000, .deadline = 20, .device = {0x10010000},
        .longest_wait = 0, .checks = CHECK_PRIVATE)

}  // namespace curios
