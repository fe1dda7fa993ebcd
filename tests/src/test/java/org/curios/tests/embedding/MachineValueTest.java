package org.curios.tests.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.curios.kernel.Images;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.ByteSequence;
import org.junit.jupiter.api.Test;

/** The machine as a polyglot value: what an embedder can do with it, and what it returns. */
class MachineValueTest {
  private static final long QUICKSORT_TICKS = 25_485_063;

  private static Context context(String... options) {
    Context.Builder builder =
        Context.newBuilder("arm")
            .out(OutputStream.nullOutputStream())
            .option("engine.WarnInterpreterOnly", "false");
    for (int i = 0; i < options.length; i += 2) {
      builder.option(options[i], options[i + 1]);
    }
    return builder.build();
  }

  private static Value load(Context context, byte[] image, String name) throws Exception {
    return context.eval(Source.newBuilder("arm", ByteSequence.create(image), name).build());
  }

  private static Value load(Context context, String name) throws Exception {
    return load(context, Images.elf(name), name);
  }

  private static PolyglotException fails(org.junit.jupiter.api.function.Executable action) {
    PolyglotException e = assertThrows(PolyglotException.class, action);
    assertFalse(e.isInternalError(), () -> "an internal error: " + e);
    assertFalse(e.isHostException(), () -> "an exception of the host: " + e);
    return e;
  }

  @Test
  void runsStepsAndStops() throws Exception {
    try (Context context = context()) {
      Value machine = load(context, "bench/quicksort");
      assertEquals(0, machine.getMember("ticks").asLong());
      assertEquals("tick", machine.invokeMember("step").asString());
      assertEquals(1, machine.getMember("ticks").asLong());
      machine.invokeMember("step", 99);
      assertEquals(100, machine.getMember("ticks").asLong());
      assertEquals("tick", machine.invokeMember("run", 1000).asString());
      assertEquals(1000, machine.getMember("ticks").asLong());
      assertEquals("breakpoint", machine.invokeMember("until", "unit").asString());
      assertEquals(
          "unit", machine.getMember("stack").getArrayElement(0).getMember("function").asString());
      machine.invokeMember("setBreakpoint", "quicksort.cc:33");
      assertEquals("breakpoint", machine.invokeMember("run").asString());
      Value frame = machine.getMember("stack").getArrayElement(0);
      assertEquals(33, frame.getMember("line").asInt());
      assertTrue(frame.getMember("file").asString().endsWith("quicksort.cc"));
      assertEquals(33, frame.getSourceLocation().getStartLine());
      machine.invokeMember("clearBreakpoint", "quicksort.cc:33");
      long sum = machine.invokeMember("address", "bench_repetitions").asLong();
      machine.invokeMember("watch", sum, 4, "r");
      assertEquals("watchpoint", machine.invokeMember("run").asString());
      assertTrue(
          machine
              .invokeMember("describe", machine.getMember("registers").getMember("pc"))
              .asString()
              .startsWith("main+"));
      machine.invokeMember("unwatch", sum);
      PolyglotException end = fails(() -> machine.invokeMember("run"));
      assertTrue(end.isExit());
      assertEquals(0, end.getExitStatus());
      assertEquals(QUICKSORT_TICKS, machine.getMember("ticks").asLong());
      assertTrue(machine.getMember("output").asString().startsWith("a293befe\n"));
      PolyglotException again = fails(() -> machine.invokeMember("run"));
      assertTrue(again.getMessage().contains("restore a snapshot"), again.getMessage());
    }
  }

  @Test
  void registersAreReadAndWritten() throws Exception {
    try (Context context = context()) {
      Value registers = load(context, "bench/sieve").getMember("registers");
      registers.putMember("r3", 0xfffffffeL);
      assertEquals(0xfffffffeL, registers.getMember("r3").asLong());
      registers.putMember("r3", -2);
      assertEquals(0xfffffffeL, registers.getMember("r3").asLong());
      assertEquals("0xfffffffe", registers.getMember("r3").toString());
      registers.putMember("z", false);
      assertFalse(registers.getMember("z").asBoolean());
      assertEquals("supervisor", registers.getMember("mode").asString());
      registers.putMember("cpsr", 0xdf);
      assertEquals("system", registers.getMember("mode").asString());
      assertFalse(registers.hasMember("spsr"));
      assertThrows(IllegalArgumentException.class, () -> registers.putMember("r3", 1L << 33));
      assertThrows(IllegalArgumentException.class, () -> registers.putMember("r3", "x"));
      assertThrows(UnsupportedOperationException.class, () -> registers.putMember("r16", 1));
      assertThrows(UnsupportedOperationException.class, () -> registers.putMember("mode", "user"));
    }
  }

  @Test
  void memoryIsABuffer() throws Exception {
    try (Context context = context("arm.Ram", "1")) {
      Value machine = load(context, "tests/transfers");
      Value ram = machine.getMember("ram");
      assertTrue(ram.hasBufferElements() && ram.isBufferWritable());
      assertEquals(1 << 20, ram.getBufferSize());
      ram.writeBufferLong(ByteOrder.LITTLE_ENDIAN, 0x8000, 0x1122334455667788L);
      assertEquals((byte) 0x88, ram.readBufferByte(0x8000));
      assertEquals(0x8877, ram.readBufferShort(ByteOrder.BIG_ENDIAN, 0x8000) & 0xffff);
      assertEquals(0x11223344, ram.readBufferInt(ByteOrder.LITTLE_ENDIAN, 0x8004));
      Value memory = machine.getMember("memory");
      assertEquals(1L << 32, memory.getBufferSize());
      assertEquals(0x1122334455667788L, memory.readBufferLong(ByteOrder.LITTLE_ENDIAN, 0x8000));
      memory.writeBufferDouble(ByteOrder.LITTLE_ENDIAN, 0x8000, 1.5);
      assertEquals(1.5, memory.readBufferDouble(ByteOrder.LITTLE_ENDIAN, 0x8000));
      memory.writeBufferFloat(ByteOrder.BIG_ENDIAN, 0x8000, 2.5f);
      assertEquals(2.5f, memory.readBufferFloat(ByteOrder.BIG_ENDIAN, 0x8000));
      for (long outside : new long[] {-1, 1 << 20, (1 << 20) - 3, 0x101f1000L, 1L << 32}) {
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> memory.readBufferInt(ByteOrder.LITTLE_ENDIAN, outside),
            () -> "at " + outside);
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> memory.writeBufferInt(ByteOrder.LITTLE_ENDIAN, outside, 0));
      }
    }
  }

  @Test
  void codeThatIsWrittenRuns() throws Exception {
    try (Context context = context()) {
      Value machine = load(context, "bench/sieve");
      machine.invokeMember("until", "main");
      long pc = machine.getMember("registers").getMember("pc").asLong();
      machine
          .getMember("memory")
          .writeBufferInt(ByteOrder.LITTLE_ENDIAN, pc, 0xe3a07037); // mov r7, #0x37
      machine.invokeMember("step");
      assertEquals(0x37, machine.getMember("registers").getMember("r7").asInt());
    }
  }

  @Test
  void snapshotsGoBack() throws Exception {
    try (Context context = context()) {
      Value machine = load(context, "tests/devices");
      machine.invokeMember("run", 50_000);
      Value snapshot = machine.invokeMember("snapshot");
      assertEquals(50_000, snapshot.getMember("tick").asLong());
      String before = machine.getMember("registers").toString();
      fails(() -> machine.invokeMember("run"));
      long end = machine.getMember("ticks").asLong();
      machine.invokeMember("restore", snapshot);
      assertEquals(before, machine.getMember("registers").toString());
      assertTrue(fails(() -> machine.invokeMember("run")).isExit());
      assertEquals(end, machine.getMember("ticks").asLong());
      Value other = load(context, "tests/devices");
      assertTrue(
          fails(() -> other.invokeMember("restore", snapshot))
              .getMessage()
              .contains("another machine"));
      assertThrows(IllegalArgumentException.class, () -> machine.invokeMember("restore", 5));
    }
  }

  @Test
  void typedTextComesIn() throws Exception {
    List<String> heard = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (Context context = context()) {
        Value machine = load(context, Images.curios("policy=ssr-packed run=shell"), "curios");
        machine.invokeMember("run", 20_000_000);
        machine.invokeMember("type", "help\r");
        machine.invokeMember("run", 80_000_000);
        heard.add(machine.getMember("output").asString());
      }
    }
    assertTrue(heard.get(0).contains("help"), heard.get(0));
    assertEquals(heard.get(0), heard.get(1), "typing between runs is deterministic");
  }

  @Test
  void stopsFromAnotherThread() throws Exception {
    try (Context context = context()) {
      Value machine = load(context, Images.curios("policy=ssr-packed run=steady0"), "curios");
      CompletableFuture<String> run =
          CompletableFuture.supplyAsync(() -> machine.invokeMember("run").asString());
      while (!machine.getMember("running").asBoolean()) {
        Thread.onSpinWait();
      }
      assertTrue(fails(() -> machine.getMember("ticks")).getMessage().contains("stop() it first"));
      assertTrue(
          fails(() -> machine.invokeMember("step")).getMessage().contains("stop() it first"));
      machine.invokeMember("stop");
      assertEquals("stopped", run.get());
      machine.invokeMember("run", 1000); // it may have been stopped before its first instruction
      assertTrue(machine.getMember("ticks").asLong() >= 1000);
    }
  }

  @Test
  void machinesDoNotKnowOfEachOther() throws Exception {
    try (Context one = context();
        Context two = context()) {
      Value a = load(one, "bench/quicksort");
      Value b = load(two, "bench/sieve");
      Value c = load(two, "bench/quicksort");
      a.invokeMember("run", 5_000_000);
      b.invokeMember("run", 3_000_000);
      c.invokeMember("run", 4_000_000);
      assertNotEquals(a.getMember("registers").toString(), b.getMember("registers").toString());
      a.invokeMember("run", 6_000_000);
      c.invokeMember("run", 6_000_000);
      assertEquals(a.getMember("registers").toString(), c.getMember("registers").toString());
      CompletableFuture<Boolean> other =
          CompletableFuture.supplyAsync(() -> fails(() -> b.invokeMember("run")).isExit());
      assertTrue(fails(() -> a.invokeMember("run")).isExit());
      assertTrue(other.get());
      assertEquals(QUICKSORT_TICKS, a.getMember("ticks").asLong());
    }
  }

  @Test
  void deathSaysWhere() throws Exception {
    byte[] elf = Images.elf("bench/sieve");
    try (Context context = context()) {
      Value machine = load(context, elf, "sieve");
      machine.invokeMember("until", "main");
      // No vectors are set up: an undefined instruction leads to zeros, and those to nothing.
      machine.getMember("memory").writeBufferInt(ByteOrder.LITTLE_ENDIAN, 4, 0xe7f000f0);
      machine.getMember("registers").putMember("pc", 4);
      PolyglotException e = fails(() -> machine.invokeMember("run", 10_000_000));
      assertTrue(e.getMessage().contains("the guest is dead"), e.getMessage());
      Value told = e.getGuestObject();
      assertTrue(told.isException());
      assertEquals(4, told.getMember("pc").asLong());
      assertEquals("undefined", told.getMember("mode").asString());
      assertTrue(told.getMember("ticks").asLong() > 0);
      assertTrue(
          told.getMemberKeys()
              .containsAll(Set.of("function", "faultStatus", "faultAddress", "stack")));
    }
  }

  @Test
  void wrongImagesAndOptionsAreSaid() throws Exception {
    try (Context context = context()) {
      PolyglotException empty = fails(() -> load(context, new byte[0], "empty.elf"));
      assertTrue(empty.isSyntaxError());
      assertTrue(empty.getMessage().startsWith("empty.elf: the file is empty"), empty.getMessage());
      byte[] cut = java.util.Arrays.copyOf(Images.elf("bench/sieve"), 40);
      PolyglotException truncated = fails(() -> load(context, cut, "cut.elf"));
      assertTrue(truncated.getMessage().contains("truncated"), truncated.getMessage());
      assertEquals("cut.elf", truncated.getSourceLocation().getSource().getName());
      assertThrows(IllegalArgumentException.class, () -> context.eval("arm", "mov r0, r1"));
      Source assembly =
          Source.newBuilder("arm", "mov r0, r1", "text").mimeType("text/x-c++src").build();
      PolyglotException text = fails(() -> context.eval(assembly));
      assertTrue(text.getMessage().contains("give the bytes of an executable"), text.getMessage());
    }
    try (Context context = context("arm.Ram", "1000")) {
      assertTrue(fails(() -> load(context, "bench/sieve")).getMessage().contains("1 to 256"));
    }
    try (Context context = context("arm.Sd", "card.img")) {
      assertTrue(fails(() -> load(context, "bench/sieve")).getMessage().contains("allowIO"));
    }
  }

  @Test
  void consoleIsTheContexts() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Context context =
        Context.newBuilder("arm")
            .out(out)
            .in(new java.io.ByteArrayInputStream("help\r".getBytes(StandardCharsets.US_ASCII)))
            .option("arm.Input", "true")
            .build()) {
      Value machine = load(context, Images.curios("policy=ssr-packed run=shell"), "curios");
      machine.invokeMember("run", 100_000_000);
      assertEquals(machine.getMember("output").asString(), out.toString(StandardCharsets.UTF_8));
      assertTrue(out.toString(StandardCharsets.UTF_8).contains("help"));
    }
  }
}
