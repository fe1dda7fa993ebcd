package org.curios.machine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.ArmLanguage;
import org.curios.arm.language.instrument.GuestRunner;
import org.curios.arm.run.Executor;
import org.graalvm.polyglot.Context;

/**
 * A VersatilePB with an image loaded. Its polyglot context is entered for each run only, so that a
 * run may be asked for by a host function that a script in another context has called. One thread
 * at a time may use it.
 */
public final class Machine implements AutoCloseable {
  private static final int ATAGS = 0x100;

  private final Arena arena = Arena.ofShared();
  private final Context context;
  private final ArmLanguage language;
  private final boolean instrumented;
  private final SourceLookup sources;
  private final Bus bus;
  private final BoardSemihosting semihosting;
  private final Cpu cpu;
  private final VersatilePb board;
  private final SdCard card;
  private final Executor executor;
  private final ConsoleInput input;
  private Snapshot latest;
  private String identity = "";
  private final CompilationLog compilations = new CompilationLog();

  /** How a machine is made. */
  public static final class Builder {
    private int ramSize = 128 << 20;
    private Path sd;
    private boolean jit = true;
    private boolean compileImmediately;
    private PrintStream console = System.out;
    private java.io.InputStream input;
    private ArmLanguage embeddedIn;
    private boolean instrumented;
    private java.io.OutputStream toolMessages = System.err;
    private SourceLookup sources = SourceLookup.NONE;
    private final java.util.Map<String, String> options = new java.util.LinkedHashMap<>();

    /** Sets the size of RAM in bytes, up to 512 MiB. */
    public Builder ram(int bytes) {
      ramSize = bytes;
      return this;
    }

    /** Puts a card with an image file into the slot. */
    public Builder sd(Path file) {
      sd = file;
      return this;
    }

    /** Chooses whether hot code is compiled; without, it is interpreted always. */
    public Builder jit(boolean compiles) {
      jit = compiles;
      return this;
    }

    /**
     * Chooses whether code is compiled at once and in the foreground, for tests of compiled code.
     */
    public Builder compileImmediately(boolean immediately) {
      compileImmediately = immediately;
      return this;
    }

    /** Sets where UART0 and semihosting write to. */
    public Builder console(PrintStream stream) {
      console = stream;
      return this;
    }

    /** Sets where UART0 reads from; nothing by default. */
    public Builder input(java.io.InputStream stream) {
      input = stream;
      return this;
    }

    /**
     * Chooses whether the guest is run in the form that debuggers and profilers of Truffle see
     * into: slower, with the same results.
     */
    public Builder instrumented(boolean forTools) {
      instrumented = forTools;
      return this;
    }

    /** Sets where tools write to. */
    public Builder toolMessages(java.io.OutputStream stream) {
      toolMessages = stream;
      return this;
    }

    /** Sets where tools find the text that an image was compiled from. */
    public Builder sources(SourceLookup lookup) {
      sources = lookup;
      return this;
    }

    /** Has the machine run in the entered context of a program of the host. */
    Builder within(ArmLanguage language) {
      embeddedIn = language;
      return this;
    }

    /** Sets an option of the polyglot engine. */
    public Builder option(String key, String value) {
      options.put(key, value);
      return this;
    }

    /**
     * Makes the machine.
     *
     * @throws ImageException when the SD image cannot be used
     * @throws IllegalArgumentException when the size of RAM is out of range
     * @throws IllegalStateException when there is no compiler
     */
    public Machine build() throws ImageException {
      return new Machine(this);
    }
  }

  private Machine(Builder builder) throws ImageException {
    card = openCard(builder.sd);
    bus = new Bus(arena, builder.ramSize);
    cpu = new Cpu(bus, arena);
    semihosting = new BoardSemihosting(builder.console, builder.ramSize, "guest");
    cpu.semihosting = semihosting;
    Pl011.Output none = c -> {};
    Pl011.Output console = c -> builder.console.write(c);
    board =
        new VersatilePb(cpu, card, new Pl011.Output[] {console, none, none}, this::resetRequested);
    for (VersatilePb.Place place : board.places()) {
      bus.map(place.base(), place.size(), place.device());
    }
    input =
        builder.input == null
            ? builder.embeddedIn == null ? null : new ConsoleInput(board.uart(0), cpu.clock)
            : new ConsoleInput(builder.input, board.uart(0), cpu.clock, cpu::isWaiting);
    instrumented = builder.instrumented;
    sources = builder.sources;
    if (builder.embeddedIn != null) {
      context = null;
      language = builder.embeddedIn;
      executor = new Executor(cpu, language);
    } else if (builder.instrumented) {
      context = Jit.toolContext(builder.options, builder.toolMessages, builder.jit);
      context.enter();
      language = ArmLanguage.get();
      executor = new Executor(cpu, language);
    } else if (builder.jit) {
      context = Jit.context(builder.options, builder.compileImmediately, compilations);
      context.enter();
      try {
        language = ArmLanguage.get();
        executor = new Executor(cpu, language);
        executor.compileWith(Jit.THREADS);
        executor.keepCompiled(Jit.mostInstructions());
      } finally {
        context.leave();
      }
      if (builder.compileImmediately) {
        executor.compileImmediately();
      }
    } else {
      context = null;
      language = null;
      executor = new Executor(cpu, null);
    }
  }

  private static SdCard openCard(Path file) throws ImageException {
    if (file == null) {
      return null;
    }
    try {
      return new SdCard(file);
    } catch (NoSuchFileException e) {
      throw new ImageException(file + ": no such SD image; make one with truncate -s 64M " + file);
    } catch (IOException e) {
      throw new ImageException(e.getMessage());
    }
  }

  private void resetRequested() {
    cpu.requestExit(new GuestExit(0));
  }

  /**
   * Loads an image and puts the processor at its start, as {@code qemu-system-arm -M versatilepb
   * -kernel} does: an ELF image at its entry with all registers zero; a raw image with the
   * registers and tags of the ARM Linux boot protocol.
   *
   * @throws ImageException when it does not fit into RAM
   */
  public void load(Image image) throws ImageException {
    for (Image.Segment segment : image.segments()) {
      write(image.name(), segment.address(), segment.bytes(), segment.size());
    }
    identity = image.identity();
    cpu.reset();
    if (image.raw()) {
      writeTags();
      cpu.r1 = VersatilePb.MACHINE_NUMBER;
      cpu.r2 = ATAGS;
    }
    cpu.pc = image.entry();
    if (instrumented) {
      executor.instrument(new GuestRunner(language, cpu, executor, new ImageCode(image, sources)));
    }
  }

  /** Returns whether the guest is run in the form that debuggers and profilers see into. */
  public boolean isInstrumented() {
    return instrumented;
  }

  /** Loads bytes at a physical address. */
  public void load(String name, int address, byte[] bytes) throws ImageException {
    write(name, address, bytes, bytes.length);
  }

  private void write(String name, int address, byte[] bytes, int size) throws ImageException {
    long end = Integer.toUnsignedLong(address) + Integer.toUnsignedLong(size);
    if (end > Integer.toUnsignedLong(bus.ramSize())) {
      throw new ImageException(
          "%s: %08x to %08x does not fit into RAM of %d MiB; give more with --ram or link it lower"
              .formatted(name, address, end, bus.ramSize() >> 20));
    }
    for (int i = 0; i < size; i++) {
      bus.write(address + i, i < bytes.length ? bytes[i] : 0, 1);
    }
  }

  /** The tagged list of the ARM Linux boot protocol: core, memory, none. */
  private void writeTags() {
    int[] tags = {5, 0x54410001, 1, 0x1000, 0, 4, 0x54410002, bus.ramSize(), 0, 0, 0};
    for (int i = 0; i < tags.length; i++) {
      bus.write(ATAGS + 4 * i, tags[i], 4);
    }
  }

  /**
   * Runs until a tick or the end of the guest.
   *
   * @param untilTick tick to stop at, {@link VirtualClock#NEVER} for none
   * @throws GuestExit when the guest ends the run
   */
  public Executor.Stop run(long untilTick) {
    if (context == null) {
      return executor.run(untilTick);
    }
    context.enter();
    try {
      return executor.run(untilTick);
    } finally {
      context.leave();
    }
  }

  /**
   * Takes a snapshot: the state of processor and devices, and the granules of RAM written since the
   * last one; the last one itself if nothing has happened since. To be called between runs, by the
   * thread of the machine.
   */
  public Snapshot snapshot() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Stateful part : parts()) {
        part.save(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    BitSet dirty = bus.dirtyGranules();
    if (latest != null
        && card == null
        && dirty.isEmpty()
        && Arrays.equals(latest.state, bytes.toByteArray())) {
      return latest;
    }
    Map<Integer, byte[]> granules = new HashMap<>();
    dirty.stream().forEach(g -> granules.put(g, bus.granule(g)));
    cpu.watchStores();
    latest =
        new Snapshot(
            latest,
            cpu.now(),
            granules,
            card == null ? Map.of() : card.writtenBlocks(),
            bytes.toByteArray());
    return latest;
  }

  /**
   * Puts the machine back to a snapshot, in place: compiled code stays, but for code whose bytes
   * have changed. To be called between runs, by the thread of the machine.
   */
  public void restore(Snapshot snapshot) {
    BitSet changed = snapshot.differences(latest);
    changed.or(bus.dirtyGranules());
    changed.stream().forEach(g -> cpu.putGranule(g, snapshot.granule(g)));
    cpu.watchStores();
    latest = snapshot;
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot.state))) {
      for (Stateful part : parts()) {
        part.restore(in);
      }
      if (card != null) {
        card.putBack(snapshot.blocks);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the snapshot cannot be restored", e);
    }
  }

  /** Drops input that came after the present moment: what follows is another future. */
  public void forgetFuture() {
    if (input != null) {
      input.forgetFuture();
    }
  }

  /** Returns the input that has come up to the present moment. */
  public InputLog inputLog() {
    return input == null ? InputLog.EMPTY : input.log();
  }

  /** Takes another past of the input, that of a snapshot which is about to be restored. */
  public void putInputLog(InputLog past) {
    if (input != null) {
      input.putLog(past);
    }
  }

  /**
   * Writes a snapshot to a file, which appears whole or not at all.
   *
   * @throws IOException when it cannot be written
   */
  public void write(Snapshot snapshot, Path file) throws IOException {
    SnapshotFile.write(snapshot, file, identity, bus.ramSize());
  }

  /**
   * Reads a snapshot of a machine with the same image and RAM.
   *
   * @throws ImageException when it is of another image, size or version, or damaged
   */
  public Snapshot read(Path file) throws ImageException {
    return SnapshotFile.read(file, identity, bus.ramSize());
  }

  private List<Stateful> parts() {
    List<Stateful> parts = new ArrayList<>();
    parts.add(cpu);
    parts.add(semihosting);
    for (VersatilePb.Place place : board.places()) {
      if (place.device() instanceof Stateful stateful) {
        parts.add(stateful);
      }
    }
    if (card != null) {
      parts.add(card);
    }
    if (input != null) {
      parts.add(input);
    }
    return parts;
  }

  /** Has characters come in on UART0; to be called between runs of a machine that has input. */
  void type(byte[] characters) {
    input.type(characters);
  }

  /** Returns the processor. */
  public Cpu cpu() {
    return cpu;
  }

  /** Returns the physical address space. */
  public Bus bus() {
    return bus;
  }

  /** Returns the board. */
  public VersatilePb board() {
    return board;
  }

  /** Returns whether hot code is compiled. */
  public boolean compiles() {
    return context != null;
  }

  /** Returns what the compiler has done so far. */
  public CompilationLog compilations() {
    return compilations;
  }

  /** Returns what runs the processor. */
  public Executor executor() {
    return executor;
  }

  @Override
  public void close() {
    if (input != null) {
      input.close();
    }
    if (context != null) {
      if (instrumented) {
        context.leave();
      }
      context.close(!instrumented); // tools write what they have found at a close in order
    }
    if (card != null) {
      try {
        card.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("the SD image was not closed", e);
      }
    }
    arena.close();
  }
}
