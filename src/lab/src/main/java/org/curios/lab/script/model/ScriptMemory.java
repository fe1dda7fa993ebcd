package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Memory by virtual address, whatever the rights.
 *
 * @param machine whose
 */
@ScriptName(
    value = "Memory",
    doc =
        "Memory by virtual address, symbol or symbol+N, regardless of access rights: memory[\"event_count\"] is a word.")
public record ScriptMemory(ScriptMachine machine) implements OfMachine, Keyed {
  private static final int LONGEST = 1 << 20;

  /** Reads a number. */
  @ScriptMethod("An unsigned number of 1, 2, 4 or 8 bytes, default 4.")
  public long read(@Arg("place") Object place, @Arg(value = "bytes", optional = true) Long bytes) {
    int address = machine.address(place);
    int size = size(bytes);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (long) byteAt(address + i) << 8 * i;
    }
    return value;
  }

  /** Writes a number. */
  @ScriptMethod("Writes a number of 1, 2, 4 or 8 bytes, default 4.")
  public void write(
      @Arg("place") Object place,
      @Arg("value") long value,
      @Arg(value = "bytes", optional = true) Long bytes) {
    int address = machine.address(place);
    int size = size(bytes);
    if (size < 8 && (value >>> 8 * size != 0 && value >> 8 * size - 1 != -1)) {
      throw ScriptException.usage("" + value + " does not fit into " + size + " bytes");
    }
    for (int i = 0; i < size; i++) {
      put(address + i, (int) (value >>> 8 * i) & 0xff);
    }
  }

  /** Reads bytes. */
  @ScriptMethod("A list of bytes.")
  public List<?> bytes(@Arg("place") Object place, @Arg("count") long count) {
    if (count < 0 || count > LONGEST) {
      throw ScriptException.usage("a count from 0 to " + LONGEST + ", not " + count);
    }
    int address = machine.address(place);
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add((long) byteAt(address + i));
    }
    return all;
  }

  /** Reads a text. */
  @ScriptMethod("The text up to a zero byte.")
  public String text(@Arg("place") Object place) {
    int address = machine.address(place);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < LONGEST; i++) {
      int c = byteAt(address + i);
      if (c == 0) {
        break;
      }
      text.append((char) c);
    }
    return text.toString();
  }

  @Override
  public Object item(Object key) {
    return read(key, null);
  }

  @Override
  public void setItem(Object key, Object value) {
    write(key, word(key, value), null);
  }

  @Override
  public boolean has(Object key) {
    try {
      item(key);
      return true;
    } catch (ScriptException e) {
      return false;
    }
  }

  private static int size(Long bytes) {
    long size = bytes == null ? 4 : bytes;
    if (size != 1 && size != 2 && size != 4 && size != 8) {
      throw ScriptException.usage("give 1, 2, 4 or 8 bytes, not " + size);
    }
    return (int) size;
  }

  /** Converts a number to the bits of a word. */
  static int word(Object key, Object value) {
    if (value instanceof Long n && n >= Integer.MIN_VALUE && n <= 0xffffffffL) {
      return n.intValue();
    }
    throw ScriptException.usage(key + ": give a whole number of 32 bits, not " + value);
  }

  private int byteAt(int address) {
    int physical = physical(address);
    return machine.machine().bus().read(physical, 1);
  }

  private void put(int address, int value) {
    int physical = physical(address);
    machine.noteChange();
    machine.cpu().memory.patch(physical, value);
  }

  private int physical(int address) {
    int physical = machine.physical(address);
    if (physical == -1) {
      throw ScriptException.guest(
          String.format(Locale.ROOT, "there is no memory at %08x now", address));
    }
    return physical;
  }

  @Override
  public String toString() {
    return "<memory, " + (machine.machine().bus().ramSize() >> 20) + " MiB>";
  }
}
