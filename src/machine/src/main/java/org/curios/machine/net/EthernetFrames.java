package org.curios.machine.net;

import java.util.Arrays;
import java.util.zip.CRC32;

/** The format of Ethernet frames (IEEE 802.3, 3): checksums, addresses and lengths. */
final class EthernetFrames {
  /** Minimum bytes of a frame without its check sequence. */
  static final int LEAST = 60;

  /** Maximum bytes of a frame without its check sequence. */
  static final int MOST = 1514;

  /** Bytes of the frame check sequence. */
  static final int FCS = 4;

  /** Bytes of addresses and type. */
  static final int HEADER = 14;

  private static final int IPV4 = 0x0800;
  private static final int IPV4_HEADER = 20;

  /** Bytes of an address. */
  static final int ADDRESS = 6;

  /** Preamble, start of frame, and the gap between frames, in bytes. */
  private static final int BETWEEN = 20;

  /** Bits of the hash of an address. */
  private static final int HASH_BITS = 6;

  private EthernetFrames() {}

  /** Returns the frame check sequence as it is in a frame, its first byte lowest. */
  static int fcs(byte[] frame, int length) {
    CRC32 sum = new CRC32();
    sum.update(frame, 0, length);
    return (int) sum.getValue();
  }

  /** Returns a frame with its check sequence. */
  static byte[] withFcs(byte[] frame) {
    byte[] whole = Arrays.copyOf(frame, frame.length + FCS);
    int fcs = fcs(frame, frame.length);
    for (int i = 0; i < FCS; i++) {
      whole[frame.length + i] = (byte) (fcs >>> 8 * i);
    }
    return whole;
  }

  /** Returns a frame without its check sequence, or null if that is wrong. */
  static byte[] withoutFcs(byte[] whole) {
    byte[] frame = Arrays.copyOf(whole, whole.length - FCS);
    return Arrays.equals(whole, withFcs(frame)) ? frame : null;
  }

  /** Returns a frame padded with zeros to the minimum length. */
  static byte[] padded(byte[] frame) {
    return frame.length < LEAST ? Arrays.copyOf(frame, LEAST) : frame;
  }

  /**
   * Returns a frame without the bytes after its IPv4 packet (RFC 791, 3.1: total length), or
   * unchanged if it contains another packet.
   */
  static byte[] withoutPadding(byte[] frame) {
    if (frame.length < HEADER + IPV4_HEADER || word(frame, HEADER - 2) != IPV4) {
      return frame;
    }
    int packet = word(frame, HEADER + 2);
    return packet < IPV4_HEADER || HEADER + packet >= frame.length
        ? frame
        : Arrays.copyOf(frame, HEADER + packet);
  }

  private static int word(byte[] frame, int at) {
    return (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
  }

  /** Returns whether a frame goes to all. */
  static boolean isBroadcast(byte[] frame) {
    for (int i = 0; i < ADDRESS; i++) {
      if (frame[i] != -1) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a frame goes to a group, or to all. */
  static boolean isMulticast(byte[] frame) {
    return (frame[0] & 1) != 0;
  }

  /** Returns the hash of the destination of a frame: the six highest bits of its CRC. */
  static int hash(byte[] frame) {
    int reflected = ~fcs(frame, ADDRESS);
    return Integer.reverse(reflected) >>> Integer.SIZE - HASH_BITS;
  }

  /** Returns the ticks that a frame takes on the wire, including the gap between frames. */
  static long ticks(int length, boolean fast) {
    long bits = (long) (Math.max(length, LEAST) + FCS + BETWEEN) * 8;
    return bits * (fast ? 2 : 20); // 100 or 10 Mbit/s at 200 million ticks a second
  }
}
