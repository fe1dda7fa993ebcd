package org.curios.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The output of an embedded machine: passed on, and stored. */
final class EmbeddedConsole extends OutputStream {
  /** Maximum bytes stored; above it, the older half is dropped. */
  private static final int KEPT = 1 << 20;

  private final OutputStream out;
  private byte[] kept = new byte[1024];
  private int count;

  /**
   * Makes a console.
   *
   * @param out receives what the guest prints
   */
  EmbeddedConsole(OutputStream out) {
    this.out = out;
  }

  @Override
  public synchronized void write(int c) throws IOException {
    if (count == kept.length) {
      if (count < KEPT) {
        kept = Arrays.copyOf(kept, 2 * count);
      } else {
        System.arraycopy(kept, count / 2, kept, 0, count - count / 2);
        count -= count / 2;
      }
    }
    kept[count++] = (byte) c;
    out.write(c);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** Returns what the guest has printed, as far as it is stored. */
  synchronized String text() {
    return new String(kept, 0, count, StandardCharsets.UTF_8);
  }
}
