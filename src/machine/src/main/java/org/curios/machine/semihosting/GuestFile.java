package org.curios.machine.semihosting;

import java.io.IOException;

/**
 * A file that the guest has opened by semihosting. Unsupported operations fail with an error
 * number.
 */
interface GuestFile {
  int ENOENT = 2;
  int EIO = 5;
  int EBADF = 9;
  int EACCES = 13;
  int EINVAL = 22;
  int EMFILE = 24;
  int ENOSYS = 38;

  /** An operation has failed; SYS_ERRNO returns the number. */
  final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    private final int number;

    Failure(int number) {
      super("errno " + number);
      this.number = number;
    }

    /** Returns the error number as C libraries know it. */
    int number() {
      return number;
    }
  }

  /**
   * Reads as read(2) does.
   *
   * @param tick the current moment
   * @param most bytes at most, from the start of {@code to}
   * @return how many, 0 at the end of the file
   * @throws org.curios.arm.core.NotYet when there is nothing to read yet
   */
  default int read(long tick, byte[] to, int most) throws IOException {
    throw new Failure(EBADF);
  }

  /** Writes the first bytes of an array. */
  default void write(byte[] from, int count) throws IOException {
    throw new Failure(EBADF);
  }

  /** Sets the position. */
  default void seek(long position) throws IOException {
    throw new Failure(EINVAL);
  }

  /** Returns the position. */
  default long position() throws IOException {
    return 0;
  }

  /** Returns the size of the file. */
  default long length() throws IOException {
    return 0;
  }

  /** Returns whether it is a terminal. */
  default boolean isTerminal() {
    return false;
  }

  /** Closes it. */
  default void close() throws IOException {}
}
