package org.curios.bench;

/**
 * A program to run, and how long.
 *
 * @param name for messages
 * @param elf the executable
 * @param limit seconds after which the run is ended, if it has printed a few lines by then; the
 *     lines so far are then its result
 * @param prefix start of the lines that count
 * @param clock clock that times the lines
 */
record Job(String name, byte[] elf, double limit, String prefix, Clock clock) {
  /** A program whose lines all count, by wall-clock time. */
  static Job of(GuestImage image, double limit) {
    return new Job(image.name(), image.elf(), limit, "", Clock.WALL);
  }
}
