package org.curios.bench;

/**
 * A program to run, and how long.
 *
 * @param name for messages
 * @param elf the executable
 * @param limit seconds after which the run is ended, if it has printed a few lines by then; it
 *     counts with the lines so far
 * @param prefix what the lines that count begin with
 * @param clock what the lines are timed by
 */
record Job(String name, byte[] elf, double limit, String prefix, Clock clock) {
  /** A program whose lines all count, by the clock on the wall. */
  static Job of(GuestImage image, double limit) {
    return new Job(image.name(), image.elf(), limit, "", Clock.WALL);
  }
}
