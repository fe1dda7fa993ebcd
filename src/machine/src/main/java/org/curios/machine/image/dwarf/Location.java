package org.curios.machine.image.dwarf;

import java.util.ArrayList;
import java.util.List;

/**
 * The location of a value: in memory, in a register, known without a place, or in pieces of these
 * (DWARF 5, section 2.6).
 */
public final class Location {
  /** The kind of place of a piece. */
  public enum Place {
    MEMORY,
    REGISTER,
    /** The value itself is known. */
    VALUE,
    /** The compiler has optimised it out here. */
    NOWHERE
  }

  /**
   * A part of a value.
   *
   * @param number the address, the register's number, or the value
   * @param size bytes
   */
  public record Piece(Place place, long number, int size) {}

  private final List<Piece> pieces;

  Location(List<Piece> pieces) {
    this.pieces = pieces;
  }

  static Location none(int size) {
    return new Location(List.of(new Piece(Place.NOWHERE, 0, size)));
  }

  static Location ofValue(long value, int size) {
    return new Location(List.of(new Piece(Place.VALUE, value, size)));
  }

  /** Returns the parts, the lowest byte first. */
  public List<Piece> pieces() {
    return pieces;
  }

  private boolean isWhole(Place place) {
    return pieces.size() == 1 && pieces.get(0).place == place;
  }

  /** Returns the address if all of it lies in memory, otherwise null. */
  public Integer address() {
    return isWhole(Place.MEMORY) ? (Integer) (int) pieces.get(0).number : null;
  }

  /** Returns the register that has all of it, otherwise null. */
  public Integer register() {
    return isWhole(Place.REGISTER) ? (Integer) (int) pieces.get(0).number : null;
  }

  /** Returns the bytes as a frame has them; -1 for each that is unavailable. */
  public int[] bytes(Frame frame) {
    List<Integer> bytes = new ArrayList<>();
    for (Piece p : pieces) {
      for (int i = 0; i < p.size; i++) {
        bytes.add(
            switch (p.place) {
              case MEMORY -> frame.memory().applyAsInt((int) p.number + i);
              case REGISTER ->
                  p.number < 16 && i < 4
                      ? frame.registers()[(int) p.number] >>> 8 * i & 0xff
                      : Integer.valueOf(-1);
              case VALUE -> i < 8 ? (int) (p.number >>> 8 * i & 0xff) : Integer.valueOf(0);
              case NOWHERE -> Integer.valueOf(-1);
            });
      }
    }
    return bytes.stream().mapToInt(Integer::intValue).toArray();
  }
}
