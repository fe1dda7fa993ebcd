// Ethernet frames, through the driver.
#include "net.h"

namespace curios::net {

constexpr u32 ETHERNET = 14;
constexpr u32 FRAMES_A_REQUEST = 32;
constexpr u32 LEAST = 60;            // minimum frame length without the check sequence

u8 hardware[8];
LARGE u32 frames_in, frames_out, dropped;
LARGE static u32 received[FRAME_ROOM / 4];
LARGE u32 frame_buffer[FRAME_ROOM / 4];
INTROSPECTION = {NOTED_VARIABLE("net.frames_in", u32), NOTED_VARIABLE("net.frames_out", u32), NOTED_VARIABLE("net.dropped", u32),
                 NOTED_ARRAY("net.received", received), NOTED_ARRAY("net.frame_buffer", frame_buffer)};

static Handle driver, receiving, sending, sending_ip;

bool ether_present() { return (hardware[0] | hardware[1] | hardware[2] | hardware[3] | hardware[4] | hardware[5]) != 0; }

void ether_init() {
  driver = lookup("ether");
  if (failed(driver)) return;
  Result r = call2(driver, ETHER_ADDRESS);
  if (r.value < 0) return;
  for (u32 i = 0; i < 4; i++) hardware[i] = static_cast<u8>(r.more >> i * 8);
  hardware[4] = static_cast<u8>(r.value);
  hardware[5] = static_cast<u8>(r.value >> 8);
  receiving = grant(received, sizeof received, true);
  sending = grant(frame_buffer, sizeof frame_buffer);
  sending_ip = grant(ip_frame, sizeof ip_frame);
}

void ether_send(u8 *frame, const u8 *to, u32 type, u32 bytes) {
  if (!ether_present()) return;
  u8 *p = frame + 2;
  copy_bytes(p, to, 6);
  copy_bytes(p + 6, hardware, 6);
  put16(p + 12, type);
  u32 length = ETHERNET + bytes;
  check(bytes <= MTU);
  for (; length < LEAST; length++) p[length] = 0;
  bool is_ip = frame == reinterpret_cast<u8 *>(ip_frame);
  if (!is_ip && frame != reinterpret_cast<u8 *>(frame_buffer)) copy_bytes(frame_buffer, frame, length + 2);
  if (call(driver, ETHER_SEND, is_ip ? sending_ip : sending, length + 2) == OK)
    frames_out++;
  else
    dropped++;
}

static void frame_input(u8 *frame, u32 bytes) {
  if (bytes < ETHERNET) return;
  bool broadcast = true, ours = true;
  for (u32 i = 0; i < 6; i++) {
    broadcast &= frame[i] == 0xff;
    ours &= frame[i] == hardware[i];
  }
  if (!broadcast && !ours) return;
  u32 type = get16(frame + 12);
  if (type == TYPE_IP)
    ip_input(frame + ETHERNET, bytes - ETHERNET, broadcast);
  else if (type == TYPE_ARP)
    arp_input(frame + ETHERNET, bytes - ETHERNET, frame + 6);
}

// Each frame is a transaction; the last one commits when the request returns.
void ether_frames() {
  if (!ether_present()) return;
  for (u32 n = 0; n < FRAMES_A_REQUEST; n++) {
    Result r = call2(driver, ETHER_RECEIVE, receiving, sizeof received);
    bool more = (r.more & ETHER_EMPTY) == 0;
    if (r.value < 0 || r.value > static_cast<i32>(sizeof received)) return;
    if (r.value > 2) {
      begin();
      frames_in++;
      frame_input(reinterpret_cast<u8 *>(received) + 2, static_cast<u32>(r.value) - 2);
      if (!more) return settle();
      commit_request();
    }
    if (!more) return;   // an interrupt announces the next frame
  }
}

}  // namespace curios::net
