package org.curios.tests.shell;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of a shell whose machine is stopped, a new one for each test. */
abstract class AtStoppedMachine {
  TypedShell t;

  @BeforeEach
  void open() throws Exception {
    t = TypedShell.stopped();
  }

  @AfterEach
  void close() throws Exception {
    t.close();
  }
}
