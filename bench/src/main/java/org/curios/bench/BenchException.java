package org.curios.bench;

import java.io.Serial;

/** A benchmark that cannot be run, said in words for the user. */
final class BenchException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
