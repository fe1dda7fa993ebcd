package org.curios.arm.language.interop;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.InvalidBufferOffsetException;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import org.curios.arm.core.Cpu;

/**
 * Memory as a buffer of bytes: RAM by physical address, or all addresses as the translation tables
 * have them now. Rights are ignored; devices are not affected and cannot be read.
 */
@ExportLibrary(InteropLibrary.class)
final class MemoryObject extends GuestObject {
  private final Cpu cpu;
  private final boolean virtual;
  private final RegistersObject.Access access;

  MemoryObject(Cpu cpu, boolean virtual, RegistersObject.Access access) {
    super(Kind.MEMORY);
    this.cpu = cpu;
    this.virtual = virtual;
    this.access = access;
  }

  @Override
  List<String> members() {
    return List.of();
  }

  @Override
  String describe() {
    return virtual
        ? "memory by virtual address"
        : String.format(Locale.ROOT, "RAM of %d KiB", cpu.memory.ramSize() >> 10);
  }

  @ExportMessage
  boolean hasBufferElements() {
    return true;
  }

  @ExportMessage
  boolean isBufferWritable() {
    return true;
  }

  @ExportMessage
  long getBufferSize() {
    return virtual ? Word.MASK + 1 : cpu.memory.ramSize();
  }

  private byte[] read(long offset, int length) throws InvalidBufferOffsetException {
    access.check();
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) cpu.memory.inspect(address(offset, i, length), virtual);
    }
    return bytes;
  }

  private void write(long offset, byte[] bytes) throws InvalidBufferOffsetException {
    access.check();
    for (int i = 0; i < bytes.length; i++) {
      address(offset, i, bytes.length); // all or nothing
    }
    for (int i = 0; i < bytes.length; i++) {
      cpu.memory.alter((int) (offset + i), virtual, bytes[i]);
    }
  }

  /** Returns an address of RAM within an access. */
  private int address(long offset, int index, int length) throws InvalidBufferOffsetException {
    long at = offset + index;
    if (offset < 0 || at >= getBufferSize() || cpu.memory.inspect((int) at, virtual) < 0) {
      throw InvalidBufferOffsetException.create(offset, length);
    }
    return (int) at;
  }

  @ExportMessage
  @TruffleBoundary
  byte readBufferByte(long offset) throws InvalidBufferOffsetException {
    return read(offset, 1)[0];
  }

  @ExportMessage
  @TruffleBoundary
  short readBufferShort(ByteOrder order, long offset) throws InvalidBufferOffsetException {
    return ByteBuffer.wrap(read(offset, 2)).order(order).getShort();
  }

  @ExportMessage
  @TruffleBoundary
  int readBufferInt(ByteOrder order, long offset) throws InvalidBufferOffsetException {
    return ByteBuffer.wrap(read(offset, 4)).order(order).getInt();
  }

  @ExportMessage
  @TruffleBoundary
  long readBufferLong(ByteOrder order, long offset) throws InvalidBufferOffsetException {
    return ByteBuffer.wrap(read(offset, 8)).order(order).getLong();
  }

  @ExportMessage
  @TruffleBoundary
  float readBufferFloat(ByteOrder order, long offset) throws InvalidBufferOffsetException {
    return ByteBuffer.wrap(read(offset, 4)).order(order).getFloat();
  }

  @ExportMessage
  @TruffleBoundary
  double readBufferDouble(ByteOrder order, long offset) throws InvalidBufferOffsetException {
    return ByteBuffer.wrap(read(offset, 8)).order(order).getDouble();
  }

  @ExportMessage
  @TruffleBoundary
  void readBuffer(long offset, byte[] destination, int destinationOffset, int length)
      throws InvalidBufferOffsetException {
    if (length < 0) {
      throw InvalidBufferOffsetException.create(offset, length);
    }
    System.arraycopy(read(offset, length), 0, destination, destinationOffset, length);
  }

  @ExportMessage
  @TruffleBoundary
  void writeBufferByte(long offset, byte value) throws InvalidBufferOffsetException {
    write(offset, new byte[] {value});
  }

  @ExportMessage
  @TruffleBoundary
  void writeBufferShort(ByteOrder order, long offset, short value)
      throws InvalidBufferOffsetException {
    write(offset, ByteBuffer.allocate(2).order(order).putShort(value).array());
  }

  @ExportMessage
  @TruffleBoundary
  void writeBufferInt(ByteOrder order, long offset, int value) throws InvalidBufferOffsetException {
    write(offset, ByteBuffer.allocate(4).order(order).putInt(value).array());
  }

  @ExportMessage
  @TruffleBoundary
  void writeBufferLong(ByteOrder order, long offset, long value)
      throws InvalidBufferOffsetException {
    write(offset, ByteBuffer.allocate(8).order(order).putLong(value).array());
  }

  @ExportMessage
  @TruffleBoundary
  void writeBufferFloat(ByteOrder order, long offset, float value)
      throws InvalidBufferOffsetException {
    write(offset, ByteBuffer.allocate(4).order(order).putFloat(value).array());
  }

  @ExportMessage
  @TruffleBoundary
  void writeBufferDouble(ByteOrder order, long offset, double value)
      throws InvalidBufferOffsetException {
    write(offset, ByteBuffer.allocate(8).order(order).putDouble(value).array());
  }
}
