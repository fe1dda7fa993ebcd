package org.curios.machine.engine;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the compiler's work, from the engine's log of compilations. */
public final class CompilationLog extends Handler {
  private static final Pattern DONE =
      Pattern.compile("opt done.*?\\|Time\\s*(\\d+)\\(.*?\\|CodeSize\\s*(\\d+)", Pattern.DOTALL);

  private long compiled;
  private long failed;
  private long milliseconds;
  private long codeBytes;
  private long deoptimizations;

  @Override
  public synchronized void publish(LogRecord entry) {
    String message = entry.getMessage();
    if (message.startsWith("opt done")) {
      Matcher m = DONE.matcher(message);
      if (m.find()) {
        compiled++;
        milliseconds += Long.parseLong(m.group(1));
        codeBytes += Long.parseLong(m.group(2));
      }
    } else if (message.startsWith("opt fail")) {
      failed++;
    } else if (message.startsWith("opt deopt") || message.startsWith("opt inval")) {
      deoptimizations++;
    }
  }

  /** Returns the number of regions compiled. */
  public synchronized long compiled() {
    return compiled;
  }

  /** Returns the number of compilations that were given up. */
  public synchronized long failed() {
    return failed;
  }

  /** Returns the seconds that the compiler has spent. */
  public synchronized double seconds() {
    return milliseconds / 1000.0;
  }

  /** Returns the bytes of host code made. */
  public synchronized long codeBytes() {
    return codeBytes;
  }

  /** Returns how often compiled code was given up. */
  public synchronized long deoptimizations() {
    return deoptimizations;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
