package org.curios.tests;

import java.io.IOException;

/** Programs of the host that tests compare with or run. */
public final class Programs {
  private Programs() {}

  /**
   * Returns whether a program is installed.
   *
   * @param command its name
   * @param option what makes it say its version and end
   */
  public static boolean isThere(String command, String option) {
    try {
      Process process = new ProcessBuilder(command, option).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
