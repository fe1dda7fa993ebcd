package org.curios.machine.net;

import java.util.ArrayList;
import java.util.List;
import org.curios.machine.device.RaisedLine;
import org.curios.machine.device.Ticks;

/** A controller as a driver sees it. */
final class Chip {
  static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

  static final int ALLOCATE = 1;
  static final int RESET = 2;
  static final int REMOVE = 3;
  static final int REMOVE_AND_RELEASE = 4;
  static final int RELEASE = 5;
  static final int ENQUEUE = 6;
  static final int RESET_FIFOS = 7;

  static final int INT_PHY = 0x80;
  static final int INT_EPH = 0x20;
  static final int INT_OVERRUN = 0x10;
  static final int INT_ALLOC = 8;
  static final int INT_EMPTY = 4;
  static final int INT_TX = 2;
  static final int INT_RX = 1;

  final Ticks ticks = new Ticks();
  final RaisedLine line = new RaisedLine();
  final Smc91c111 device = new Smc91c111(ticks.clock, line, MAC);

  /** What was sent. */
  final List<byte[]> sent = new ArrayList<>();

  /** Makes a chip with a cable. */
  static Chip connected() {
    Chip chip = new Chip();
    chip.device.connect(chip.sent::add);
    return chip;
  }

  /** Makes a chip that sends and receives. */
  static Chip enabled() {
    Chip chip = connected();
    chip.set(0, 0xa, 0x3000); // 100 Mbit/s
    chip.set(0, 0, 0x8081); // switched full duplex, padding, transmitter on
    chip.set(0, 4, 0x0300); // receiver on, without check sequence
    return chip;
  }

  void bank(int number) {
    device.write(0xe, number, 2);
  }

  int get(int bank, int offset) {
    bank(bank);
    return device.read(offset, 2);
  }

  void set(int bank, int offset, int value) {
    bank(bank);
    device.write(offset, value, 2);
  }

  void command(int command) {
    set(2, 0, command << 5);
  }

  int interrupts() {
    return get(2, 0xc) & 0xff;
  }

  void acknowledge(int bits) {
    bank(2);
    device.write(0xc, bits, 1);
  }

  void mask(int bits) {
    bank(2);
    device.write(0xd, bits, 1);
  }

  /** Allocates a packet and selects it; the number is 0x80 if it must wait. */
  int allocate() {
    command(ALLOCATE);
    int number = get(2, 2) >>> 8;
    device.write(2, number, 1);
    return number;
  }

  /** Writes a frame into the selected packet, as a driver does. */
  void fill(byte[] frame) {
    set(2, 6, 0x4000);
    boolean odd = (frame.length & 1) != 0;
    device.write(8, (frame.length & ~1) + 6 << 16, 4);
    for (int i = 0; i + 1 < frame.length; i += 2) {
      device.write(8, frame[i] & 0xff | (frame[i + 1] & 0xff) << 8, 2);
    }
    device.write(8, odd ? 0x2000 | frame[frame.length - 1] & 0xff : 0, 2);
  }

  /** Sends a frame, and waits until it is out. */
  void send(byte[] frame) {
    allocate();
    fill(frame);
    command(ENQUEUE);
    ticks.passMicroseconds(200);
  }

  /** Reads bytes of the packet at the head of the receive FIFO. */
  byte[] received(int from, int length) {
    set(2, 6, 0xe000 | from);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) device.read(8, 1);
    }
    return bytes;
  }

  /** Returns a frame for this station, with all bytes different. */
  static byte[] frame(int length) {
    byte[] frame = new byte[length];
    for (int i = 0; i < length; i++) {
      frame[i] = i < MAC.length ? MAC[i] : (byte) (i * 7);
    }
    return frame;
  }
}
