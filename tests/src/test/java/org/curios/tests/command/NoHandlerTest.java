package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program without vectors that raises an exception is reported once. */
class NoHandlerTest {
  private static final String STORE = "e5840000";
  private static final String TICKS = "--max-ticks=1000000";

  @TempDir Path folder;

  private static RawProgram guest(String word) {
    return new RawProgram().constant(4, 0x20000000).words(Integer.parseUnsignedInt(word, 16));
  }

  private Curios.Result run(RawProgram guest, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(List.of(options));
    words.add(guest.in(folder));
    return Curios.run(words.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        STORE + "|store to 20000000, where nothing is, by the instruction at 00010010|0x10", // str
        "e5940000|load from 20000000, where nothing is, by the instruction at 00010010|0x10", // ldr
        "e8840003|store to 20000000, where nothing is, by the instruction at 00010010|0x10", // stm
        "e12fff34|fetch from 20000000, where nothing is, with r14 00010014|0x0c", // blx r4
        "e7f000f0|undefined instruction at 00010010|0x04",
        "ef000000|svc instruction at 00010010|0x08",
        "e1200070|breakpoint instruction at 00010010|0x0c"
      })
  void isTold(String word, String what, String vector) throws IOException {
    String line = "curios: " + what + ": no handler at vector " + vector;
    Curios.Result lax = run(guest(word), "--no-jit", TICKS).expect(124);
    assertEquals(line + "; --strict ends the run there\n", lax.err());
    Curios.Result strict = run(guest(word), "--no-jit", "--strict", TICKS).expect(3);
    assertEquals(line + "\n", strict.err());
  }

  @Test
  void isToldWithTheCompilerToo() throws IOException {
    Curios.Result strict = run(guest(STORE), "--strict", TICKS).expect(3);
    assertEquals(1, strict.err().lines().count(), strict.err());
  }

  @Test
  void aHandlerIsEnough() throws IOException {
    String vectors =
        RawProgram.write(
            folder.resolve("vectors"),
            new RawProgram().words(0, 0, 0, 0, RawProgram.BRANCH_TO_SELF).bytes());
    Curios.Result result =
        run(guest(STORE), "--no-jit", "--strict", TICKS, "--load", "0:" + vectors).expect(124);
    assertEquals("", result.err());
  }
}
