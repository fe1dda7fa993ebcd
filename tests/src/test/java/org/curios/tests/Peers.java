package org.curios.tests;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

/** The programs that tests need: without one they are skipped, and fail if {@code CI} is true. */
public final class Peers {
  private Peers() {}

  /** Skips the test if QEMU is not installed. */
  public static void needQemu() {
    need("qemu-system-arm", "--version");
  }

  /** Skips the test if gdb is not installed. */
  public static void needGdb() {
    need("gdb-multiarch", "--version");
  }

  /** Skips the test if tmux is not installed. */
  public static void needTmux() {
    need("tmux", "-V");
  }

  /** Skips the test if curl is not installed. */
  public static void needCurl() {
    need("curl", "--version");
  }

  /** Skips the test if e2fsprogs is not installed. */
  public static void needFileSystemTools() {
    need("mke2fs", "-V");
  }

  /** Skips the test if Chromium is not installed. */
  public static void needChromium() {
    need("chromium", "--version");
  }

  private static void need(String command, String option) {
    if (Programs.isThere(command, option)) {
      return;
    }
    if ("true".equals(System.getenv("CI"))) {
      fail(command + " is missing");
    }
    Assumptions.abort(command + " is missing; install it to run this test");
  }
}
