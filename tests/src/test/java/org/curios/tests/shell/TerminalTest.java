package org.curios.tests.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.lab.Boot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell on real JLine terminals: one that can do everything, and one that can do nothing. */
class TerminalTest {
  private static final String CLIENTS = "shell,steady0,steady1,steady2";

  private TypedShell typed;

  private TypedShell open(String type) throws Exception {
    typed = new TypedShell(type, "ssr-packed", CLIENTS);
    typed.session().runTo(Boot.BOOTED);
    return typed.open();
  }

  @AfterEach
  void close() throws Exception {
    if (typed != null) {
      typed.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xterm-256color", "ansi", "dumb"})
  void aSessionAsAPersonHasIt(String type) throws Exception {
    TypedShell t = open(type);
    t.expect("services", "store    active", "last fault");
    t.expect(
        "crash store abort", "detected   data abort at 00000000", "recovered  in", "unchanged");
    t.expect("servces", "servces: no such command; did you mean services?");
    t.expect("crash", "Missing required parameter", "usage: crash SERVICE");
    t.expect("back 1000", "tick ", "=> ");
    t.expect("ssr | grep steady0 | count", "\n5\n");
    t.expect("cont", "curios running");
    t.clear();
    t.type("\u0004");
    assertEquals(0, t.end());
  }

  @Test
  void coloursAreForTerminalsThatHaveThem() throws Exception {
    TypedShell t = open("xterm-256color");
    t.enter("crahs");
    assertTrue(t.raw().contains("\u001b[31m"), t.raw());
    t.close();
    t = open("dumb");
    t.enter("crahs");
    assertFalse(t.raw().contains("\u001b["), t.raw());
  }
}
