package org.curios.machine.net;

/** The registers of the LAN91C111 and their bits (data sheet, 8.4 to 8.28). */
final class ChipRegisters {
  // Registers, with the bank in front of the offset.
  static final int TCR = 0x00;
  static final int EPHSR = 0x02;
  static final int RCR = 0x04;
  static final int MIR = 0x08;
  static final int RPCR = 0x0a;
  static final int CONFIG = 0x10;
  static final int BASE = 0x12;
  static final int IA0 = 0x14;
  static final int IA2 = 0x16;
  static final int IA4 = 0x18;
  static final int GENERAL = 0x1a;
  static final int CONTROL = 0x1c;
  static final int MMU = 0x20;
  static final int PACKET = 0x22;
  static final int FIFO = 0x24;
  static final int POINTER = 0x26;
  static final int DATA = 0x28;
  static final int INTERRUPT = 0x2c;
  static final int MT0 = 0x30;
  static final int MT2 = 0x32;
  static final int MT4 = 0x34;
  static final int MT6 = 0x36;
  static final int MANAGEMENT = 0x38;
  static final int REVISION = 0x3a;
  static final int EARLY = 0x3c;

  static final int TCR_BITS = 0xbd87;
  static final int RCR_BITS = 0xe307;
  static final int RCR_RESET = 1 << 15;
  static final int RPCR_BITS = 0x38fc;
  static final int CONFIG_BITS = 0x9600;
  static final int CONFIG_INITIAL = 0xa0b1;
  static final int CONFIG_POWER = 1 << 15;
  static final int BASE_BITS = 0xffe0;
  static final int BASE_INITIAL = 0x1801;
  static final int CONTROL_BITS = 0x48e7;
  static final int CONTROL_INITIAL = 0x1210;
  static final int CONTROL_AUTO_RELEASE = 1 << 11;
  static final int CONTROL_LINK = 1 << 7;
  static final int CONTROL_ERROR = 1 << 5;
  static final int CONTROL_SELECT = 1 << 2;
  static final int CONTROL_RELOAD = 1 << 1;
  static final int CONTROL_STORE = 1;
  static final int EARLY_INITIAL = 0x1f;

  /** In FIFO ports and the result of an allocation: there is no packet. */
  static final int NO_PACKET = 0x80;

  static final int PACKET_BITS = 0x3f;
  static final int PTR_RECEIVE = 1 << 15;
  static final int PTR_INCREMENT = 1 << 14;
  static final int PTR_BITS = 0xe7ff;
  static final int PTR_ADDRESS = 0x7ff;

  static final int INT_PHY = 1 << 7;
  static final int INT_EPH = 1 << 5;
  static final int INT_OVERRUN = 1 << 4;
  static final int INT_ALLOC = 1 << 3;
  static final int INT_TX_EMPTY = 1 << 2;
  static final int INT_TX = 1 << 1;
  static final int INT_RECEIVE = 1;

  static final int MGMT_OUTPUT_ENABLE = 1 << 3;
  static final int MGMT_CLOCK = 1 << 2;
  static final int MGMT_INPUT = 1 << 1;
  static final int MGMT_OUTPUT = 1;
  static final int MGMT_BITS = 0x400d;
  static final int MGMT_FIXED = 0x3330;

  private ChipRegisters() {}

  /** Returns the number of a packet as registers show it. */
  static int number(int packet) {
    return packet == PacketMemory.NONE ? NO_PACKET : packet;
  }

  /** Returns a little-endian register of two bytes. */
  static int pair(byte[] bytes, int index) {
    return bytes[index] & 0xff | (bytes[index + 1] & 0xff) << 8;
  }

  /** Sets a little-endian register of two bytes. */
  static void setPair(byte[] bytes, int index, int value) {
    bytes[index] = (byte) value;
    bytes[index + 1] = (byte) (value >>> 8);
  }
}
