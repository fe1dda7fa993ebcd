package org.curios.machine.semihosting;

/**
 * {@code :semihosting-features}: which optional parts of semihosting there are (Semihosting for
 * AArch32 and AArch64, release 2.0, "Feature bits"). Four magic bytes, then the feature bits.
 */
final class FeaturesFile implements GuestFile {
  static final String NAME = ":semihosting-features";

  private static final int EXIT_EXTENDED = 1;
  private static final int STDOUT_STDERR = 1 << 1;
  private static final byte[] BYTES = {'S', 'H', 'F', 'B', EXIT_EXTENDED | STDOUT_STDERR};

  private int position;

  @Override
  public int read(long tick, byte[] to, int most) {
    int count = Math.clamp(BYTES.length - position, 0, most);
    System.arraycopy(BYTES, Math.min(position, BYTES.length), to, 0, count);
    position += count;
    return count;
  }

  @Override
  public void seek(long to) throws Failure {
    if (to < 0 || to > BYTES.length) {
      throw new Failure(EINVAL);
    }
    position = (int) to;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long length() {
    return BYTES.length;
  }
}
