package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Lengths of frames: IEEE 802.3, 3.2.8; total length of a packet: RFC 791, 3.1. */
class EthernetFramesTest {
  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;

  private static byte[] frame(int length, int type, int packet) {
    byte[] frame = new byte[length];
    Arrays.fill(frame, (byte) 0x55);
    frame[12] = (byte) (type >>> 8);
    frame[13] = (byte) type;
    frame[16] = (byte) (packet >>> 8);
    frame[17] = (byte) packet;
    return frame;
  }

  @Test
  void shortFramesArePadded() {
    byte[] padded = EthernetFrames.padded(frame(54, IPV4, 40));
    assertEquals(60, padded.length);
    assertArrayEquals(new byte[6], Arrays.copyOfRange(padded, 54, 60));
    byte[] whole = frame(60, IPV4, 46);
    assertSame(whole, EthernetFrames.padded(whole));
  }

  @Test
  void paddingBehindAPacketIsRemoved() {
    byte[] acknowledgement = frame(54, IPV4, 40);
    assertArrayEquals(
        acknowledgement,
        EthernetFrames.withoutPadding(EthernetFrames.padded(acknowledgement)),
        "40 bytes of IPv4");
    byte[] full = frame(1514, IPV4, 1500);
    assertSame(full, EthernetFrames.withoutPadding(full), "nothing follows the packet");
  }

  /** What is no IPv4 packet, or a damaged one, passes as it is. */
  @Test
  void otherFramesKeepTheirBytes() {
    for (byte[] frame :
        new byte[][] {
          frame(60, ARP, 1), frame(60, IPV4, 19), frame(60, IPV4, 2000), frame(20, IPV4, 21)
        }) {
      assertSame(frame, EthernetFrames.withoutPadding(frame));
    }
  }
}
