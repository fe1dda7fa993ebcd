package org.curios.machine.net;

import java.util.Arrays;

/** The LAN91C111's filter of frames, and their layout in memory (data sheet, 8.1, 8.2). */
final class Receiver {
  // Bits of RCR.
  static final int ENABLE = 1 << 8;
  static final int ABORTED = 1;
  private static final int STRIP_CRC = 1 << 9;
  private static final int ALL_MULTICAST = 1 << 2;
  private static final int PROMISCUOUS = 1 << 1;

  // Bits of the status word.
  private static final int BROADCAST = 1 << 14;
  private static final int ODD_FRAME = 1 << 12;
  private static final int TOO_LONG = 1 << 11;
  private static final int TOO_SHORT = 1 << 10;
  private static final int MULTICAST = 1;

  private static final int ODD = 0x20;
  private static final int CONTROL = 0x40;

  /** Bytes of status, byte count, and the word with the control byte. */
  static final int OVERHEAD = 6;

  private Receiver() {}

  /** Returns whether a frame passes the filter of addresses. */
  static boolean passes(byte[] frame, int rcr, byte[] address, byte[] table) {
    if (frame.length < EthernetFrames.HEADER) {
      return false;
    }
    if ((rcr & PROMISCUOUS) != 0 || EthernetFrames.isBroadcast(frame)) {
      return true;
    }
    if (EthernetFrames.isMulticast(frame)) {
      int hash = EthernetFrames.hash(frame);
      return (rcr & ALL_MULTICAST) != 0 || (table[hash >>> 3] >>> (hash & 7) & 1) != 0;
    }
    return Arrays.equals(frame, 0, EthernetFrames.ADDRESS, address, 0, EthernetFrames.ADDRESS);
  }

  /**
   * Returns what is written to memory for a frame, or null if that is more than a page: status
   * word, byte count, data, and at the odd address at the end the control byte. The byte before
   * that one is data if ODD is set; otherwise it is ignored.
   */
  static byte[] image(byte[] frame, int rcr) {
    byte[] data = (rcr & STRIP_CRC) != 0 ? frame : EthernetFrames.withFcs(frame);
    boolean odd = (data.length & 1) != 0;
    int count = data.length + OVERHEAD - (odd ? 1 : 0);
    if (count > PacketMemory.PAGE) {
      return null;
    }
    byte[] image = new byte[count];
    int status = status(frame) | (odd ? ODD_FRAME : 0);
    image[0] = (byte) status;
    image[1] = (byte) (status >>> 8);
    image[2] = (byte) count;
    image[3] = (byte) (count >>> 8);
    System.arraycopy(data, 0, image, 4, data.length);
    image[count - 1] = (byte) (CONTROL | (odd ? ODD : 0));
    return image;
  }

  private static int status(byte[] frame) {
    int status = EthernetFrames.hash(frame) << 1;
    if (EthernetFrames.isBroadcast(frame)) {
      status |= BROADCAST;
    } else if (EthernetFrames.isMulticast(frame)) {
      status |= MULTICAST;
    }
    if (frame.length > EthernetFrames.MOST) {
      status |= TOO_LONG;
    } else if (frame.length < EthernetFrames.LEAST) {
      status |= TOO_SHORT;
    }
    return status;
  }
}
