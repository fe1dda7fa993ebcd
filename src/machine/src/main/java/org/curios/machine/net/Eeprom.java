package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;

/** The EEPROM next to the LAN91C111: 64 words of 16 bits (data sheet, 11). */
final class Eeprom implements Stateful {
  private static final int WORDS = 64;
  private static final int CONFIGURATION = 0;
  private static final int BASE = 1;
  private static final int ADDRESS = 0x20;

  private final int[] words = new int[WORDS];

  /**
   * Creates one as the board has it.
   *
   * @param mac address of the station, six bytes
   */
  Eeprom(int configuration, int base, byte[] mac) {
    store(configuration, base);
    for (int i = 0; i < EthernetFrames.ADDRESS; i += 2) {
      words[ADDRESS + i / 2] = mac[i] & 0xff | (mac[i + 1] & 0xff) << 8;
    }
  }

  /** Reads a word; bits of the number above the lowest six are ignored. */
  int read(int word) {
    return words[word & WORDS - 1];
  }

  /** Writes a word. */
  void write(int word, int value) {
    words[word & WORDS - 1] = value & 0xffff;
  }

  /** Stores what the chip starts with. */
  void store(int configuration, int base) {
    words[CONFIGURATION] = configuration;
    words[BASE] = base;
  }

  int configuration() {
    return words[CONFIGURATION];
  }

  int base() {
    return words[BASE];
  }

  /** Copies the address of the station. */
  void address(byte[] to) {
    for (int i = 0; i < EthernetFrames.ADDRESS; i++) {
      to[i] = (byte) (words[ADDRESS + i / 2] >>> 8 * (i % 2));
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int word : words) {
      out.writeShort(word);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    for (int i = 0; i < WORDS; i++) {
      words[i] = in.readUnsignedShort();
    }
  }
}
