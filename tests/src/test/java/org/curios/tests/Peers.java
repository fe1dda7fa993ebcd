package org.curios.tests;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
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

  /** Skips the test if passt is not installed. */
  public static void needPasst() {
    need("passt", "--version");
  }

  /** Skips the test if e2fsprogs is not installed. */
  public static void needFileSystemTools() {
    need("mke2fs", "-V");
  }

  /** Skips the test if Chromium is not installed. */
  public static void needChromium() {
    need("chromium", "--version");
  }

  /**
   * Skips the test where no network namespace with a TAP interface can be made: that takes root and
   * /dev/net/tun.
   */
  public static void needTap() {
    try {
      Process made =
          new ProcessBuilder("unshare", "-n", "ip", "tuntap", "add", "dev", "tap9", "mode", "tap")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Assumptions.assumeTrue(
          made.waitFor() == 0, "no TAP interface can be made here; it takes root and /dev/net/tun");
    } catch (IOException e) {
      Assumptions.abort("unshare or ip is missing; install util-linux and iproute2");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
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
