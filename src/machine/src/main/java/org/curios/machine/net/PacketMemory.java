package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Packet memory of the LAN91C111: four pages of 2 KiB, each of which holds one packet, and the
 * FIFOs of packet numbers (data sheet, 7.3 and 7.4).
 */
final class PacketMemory {
  /** Bytes of a page. */
  static final int PAGE = 2048;

  /** Number of pages. */
  static final int PAGES = 4;

  /** There is no such packet. */
  static final int NONE = -1;

  private final byte[][] pages = new byte[PAGES][PAGE];
  private int allocated;
  private final Deque<Integer> transmit = new ArrayDeque<>();
  private final Deque<Integer> completed = new ArrayDeque<>();
  private final Deque<Integer> received = new ArrayDeque<>();

  /** Frees all pages and empties all FIFOs. */
  void reset() {
    allocated = 0;
    transmit.clear();
    completed.clear();
    received.clear();
  }

  /** Allocates a free page; {@link #NONE} if there is none. */
  int allocate() {
    int number = Integer.numberOfTrailingZeros(~allocated);
    if (number >= PAGES) {
      return NONE;
    }
    allocated |= 1 << number;
    return number;
  }

  /** Frees a page; nothing happens if it is not allocated. */
  void release(int number) {
    if (exists(number)) {
      allocated &= ~(1 << number);
    }
  }

  /** Returns the number of free pages. */
  int free() {
    return PAGES - Integer.bitCount(allocated);
  }

  /** Returns whether packet numbers of six bits name a page. */
  static boolean exists(int number) {
    return number >= 0 && number < PAGES;
  }

  /** Reads a byte of a packet; 0 where there is no memory. */
  int read(int number, int offset) {
    return exists(number) ? pages[number][offset] & 0xff : 0;
  }

  /** Writes a byte of a packet. */
  void write(int number, int offset, int value) {
    if (exists(number)) {
      pages[number][offset] = (byte) value;
    }
  }

  /** Reads a little-endian word of a packet. */
  int readWord(int number, int offset) {
    return read(number, offset) | read(number, offset + 1) << 8;
  }

  /** Writes a little-endian word of a packet. */
  void writeWord(int number, int offset, int value) {
    write(number, offset, value);
    write(number, offset + 1, value >>> 8);
  }

  /** Copies bytes out of a packet. */
  byte[] copy(int number, int offset, int length) {
    return Arrays.copyOfRange(pages[number], offset, offset + length);
  }

  /** Queues a packet for transmission; a FIFO that is full loses it. */
  void enqueue(int number) {
    if (transmit.size() < PAGES && exists(number)) {
      transmit.add(number);
    }
  }

  /** Returns the packet at the head of the transmit FIFO, or {@link #NONE}. */
  int toSend() {
    return head(transmit);
  }

  /** Removes the packet at the head of the transmit FIFO. */
  void sent() {
    transmit.poll();
  }

  /** Appends to the FIFO of transmissions that are completed. */
  void complete(int number) {
    if (completed.size() < PAGES) {
      completed.add(number);
    }
  }

  /** Returns the packet at the head of the completion FIFO, or {@link #NONE}. */
  int completed() {
    return head(completed);
  }

  /** Removes the packet at the head of the completion FIFO. */
  void removeCompleted() {
    completed.poll();
  }

  /** Empties both FIFOs of the transmitter; the pages stay allocated. */
  void resetTransmit() {
    transmit.clear();
    completed.clear();
  }

  /**
   * Stores a received packet.
   *
   * @param image the start of its page
   * @return whether there was room for it
   */
  boolean arrive(byte[] image) {
    int number = received.size() < PAGES ? allocate() : NONE;
    if (number == NONE) {
      return false;
    }
    System.arraycopy(image, 0, pages[number], 0, image.length);
    received.add(number);
    return true;
  }

  /** Returns the packet at the head of the receive FIFO, or {@link #NONE}. */
  int received() {
    return head(received);
  }

  /** Removes the packet at the head of the receive FIFO; returns it, or {@link #NONE}. */
  int removeReceived() {
    Integer number = received.poll();
    return number == null ? NONE : number;
  }

  private static int head(Deque<Integer> fifo) {
    Integer number = fifo.peek();
    return number == null ? NONE : number;
  }

  /** Writes the whole state; pages that are all zeros take a byte. */
  void save(DataOutput out) throws IOException {
    out.writeByte(allocated);
    for (byte[] page : pages) {
      boolean empty = isZero(page);
      out.writeBoolean(empty);
      if (!empty) {
        out.write(page);
      }
    }
    save(transmit, out);
    save(completed, out);
    save(received, out);
  }

  private static boolean isZero(byte[] page) {
    for (byte b : page) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static void save(Deque<Integer> fifo, DataOutput out) throws IOException {
    out.writeByte(fifo.size());
    for (int number : fifo) {
      out.writeByte(number);
    }
  }

  /** Reads what {@link #save} wrote. */
  void restore(DataInput in) throws IOException {
    allocated = in.readUnsignedByte();
    for (byte[] page : pages) {
      if (in.readBoolean()) {
        Arrays.fill(page, (byte) 0);
      } else {
        in.readFully(page);
      }
    }
    restore(transmit, in);
    restore(completed, in);
    restore(received, in);
  }

  private static void restore(Deque<Integer> fifo, DataInput in) throws IOException {
    fifo.clear();
    for (int count = in.readUnsignedByte(); count > 0; count--) {
      fifo.add((int) in.readByte());
    }
  }
}
