package org.curios.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.instrument.GuestRunner;
import org.curios.arm.run.Executor;
import org.curios.machine.card.Disk;
import org.curios.machine.card.SdCard;
import org.curios.machine.device.CfiFlash;
import org.curios.machine.device.Elsewhere;
import org.curios.machine.device.Pl011;
import org.curios.machine.engine.CompilationLog;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageCode;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.SourceLookup;
import org.curios.machine.input.ConsoleInput;
import org.curios.machine.input.InputLog;
import org.curios.machine.net.EthernetPort;
import org.curios.machine.net.Member;
import org.curios.machine.net.Packets;
import org.curios.machine.net.Switch;
import org.curios.machine.semihosting.BoardSemihosting;
import org.curios.machine.semihosting.CommandLine;
import org.curios.machine.semihosting.GuestFiles;
import org.curios.machine.semihosting.HostFolder;
import org.curios.machine.snapshot.Company;
import org.curios.machine.snapshot.Snapshot;
import org.curios.machine.snapshot.SnapshotFile;

/** A VersatilePB with an image loaded. One thread at a time may use it. */
public final class Machine implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final boolean instrumented;
  private final SourceLookup sources;
  private final Bus bus;
  private final BoardSemihosting semihosting;
  private final GuestFiles files;
  private final List<String> arguments;
  private final Cpu cpu;
  private final VersatilePb board;
  private final SdCard card;
  private final Media media;
  private final ImageLoader loader;
  private final MachineState state;
  private final boolean reboots;
  private final BoardReset reset;
  private final RunContext context;
  private final Executor executor;
  private final ConsoleInput input;
  private final EthernetPort port;
  private final Member member = new OnSwitch();
  private String identity = "";

  Machine(MachineBuilder builder) throws ImageException {
    Disk disk = builder.sd == null ? builder.disk : openCard(builder.sd);
    card = disk == null ? null : new SdCard(disk);
    CfiFlash flash = openFlash(builder.flash);
    media = new Media(disk, flash);
    reboots = builder.reboots;
    Plug plug = Plug.of(builder.cable, builder.lan, builder.farEnd, builder.mac, builder.capture);
    bus = new Bus(arena, builder.ramSize);
    cpu = new Cpu(bus, arena);
    Pl011.Output none = c -> {};
    Pl011.Output console = c -> builder.console.write(c);
    board =
        new VersatilePb(
            cpu,
            bus,
            card,
            flash,
            plug.mac(),
            new Pl011.Output[] {console, none, none, none},
            this::requestReset);
    for (VersatilePb.Place place : board.places()) {
      bus.map(place.base(), place.size(), place.device());
    }
    if (builder.elsewhere != null) {
      bus.answerElsewhere(new Elsewhere(builder.elsewhere).device());
    }
    port = plug.into(board.ethernet(), cpu, builder.impairments);
    if (lan() != null) {
      lan().add(member);
    }
    BooleanSupplier idle = () -> cpu.isWaiting() && (port == null || !port.isLive());
    input =
        builder.input == null
            ? builder.embeddedIn == null ? null : new ConsoleInput(board.uart(0), cpu.clock)
            : new ConsoleInput(
                builder.input, board.uart(0), cpu.clock, idle, builder.onProgramRead);
    files =
        new GuestFiles(
            builder.console,
            builder.errors == null ? builder.console : builder.errors,
            input,
            builder.hostFolder == null ? null : new HostFolder(builder.hostFolder));
    semihosting = new BoardSemihosting(builder.console, files, builder.ramSize);
    cpu.semihosting = semihosting;
    arguments = builder.arguments;
    if (builder.warnings != null) {
      cpu.noHandler = new Unhandled(cpu, builder.warnings, builder.strict);
    }
    sources = builder.sources;
    instrumented = builder.instrumented;
    loader = new ImageLoader(cpu, arguments);
    List<Stateful> inside = stateInside();
    List<Stateful> all = new ArrayList<>(inside);
    if (input != null) {
      all.add(input);
    }
    if (port != null) {
      all.add(port);
    }
    state = new MachineState(cpu, media, all);
    reset = new BoardReset(board, cpu, card, state, inside);
    context = new RunContext(builder, cpu);
    executor = context.executor();
  }

  /** Returns everything that has a state, except for input from outside. */
  private List<Stateful> stateInside() {
    List<Stateful> parts = new ArrayList<>();
    parts.add(cpu);
    parts.add(semihosting);
    for (VersatilePb.Place place : board.places()) {
      if (place.device() instanceof Stateful stateful) {
        parts.add(stateful);
      }
    }
    parts.add(board.interrupts());
    if (card != null) {
      parts.add(card);
      parts.add(card.slot());
    }
    return parts;
  }

  private static Disk openCard(Path file) throws ImageException {
    try {
      return Disk.writeThrough(file);
    } catch (IOException e) {
      throw new ImageException(e.getMessage());
    }
  }

  private static CfiFlash openFlash(Path file) throws ImageException {
    if (file == null) {
      return new CfiFlash();
    }
    try {
      return new CfiFlash(file);
    } catch (NoSuchFileException e) {
      throw new ImageException(file + ": no such flash image; make one with truncate -s 0 " + file);
    } catch (AccessDeniedException e) {
      throw new ImageException(
          file + ": cannot be opened for reading and writing; check its permissions");
    } catch (IOException e) {
      throw new ImageException(e.getMessage());
    }
  }

  private void requestReset() {
    reset.request();
  }

  /**
   * Loads an image and sets the processor to its start, as {@code qemu-system-arm -M versatilepb
   * -kernel} does: an ELF image at its entry with all registers zero; a raw image with the
   * registers and tags of the ARM Linux boot protocol.
   *
   * @throws ImageException when it does not fit into RAM
   */
  public void load(Image image) throws ImageException {
    load(image, BootFiles.NONE);
  }

  /**
   * Loads an image as {@link #load(Image)} does, and the files that belong to it: a raw image gets
   * its command line and its RAM disk by boot tags or by the device tree; an ELF image finds the
   * device tree at address 0.
   *
   * @throws ImageException when something does not fit or is damaged
   */
  public void load(Image image, BootFiles files) throws ImageException {
    loader.load(image, files);
    identity = image.identity();
    semihosting.commandLine(CommandLine.of(image.name(), arguments));
    if (instrumented) {
      executor.instrument(
          new GuestRunner(context.language(), cpu, executor, new ImageCode(image, sources)));
    }
  }

  /** Returns whether the guest runs in the form that debuggers and profilers can instrument. */
  public boolean isInstrumented() {
    return instrumented;
  }

  /** Loads bytes at a physical address. */
  public void load(String name, int address, byte[] bytes) throws ImageException {
    loader.write(name, address, bytes, bytes.length);
  }

  /**
   * Runs until a tick or the end of the guest.
   *
   * @param untilTick tick to stop at, {@link VirtualClock#NEVER} for none
   * @throws GuestExit when the guest ends the run
   */
  public Executor.Stop run(long untilTick) {
    return lan() == null ? runAlone(untilTick) : lan().run(member, untilTick);
  }

  private Switch lan() {
    return port == null ? null : port.lan();
  }

  private Executor.Stop runAlone(long untilTick) {
    notePowerOn();
    while (true) {
      try {
        return context.run(untilTick);
      } catch (GuestExit e) {
        if (!reset.isRequested() || !reboots) {
          throw e;
        }
        reset.restart();
        if (port != null) {
          port.controllerReset();
        }
      }
    }
  }

  private void notePowerOn() {
    if (reboots) {
      reset.notePowerOn();
    }
  }

  /**
   * Takes a snapshot: the state of processor and devices, and the granules of RAM and blocks of
   * card and flash written since the last one; the last one itself if nothing has happened since.
   * To be called between runs, by the thread of the machine.
   */
  public Snapshot snapshot() {
    Company before = state.latest() == null ? null : state.latest().company();
    Snapshot own = state.snapshot();
    if (lan() == null) {
      return own;
    }
    List<Snapshot> snapshots = others().stream().map(m -> m.state.snapshot()).toList();
    Company company = new Company(snapshots, lan().state());
    if (own.company() == null || !company.resembles(before)) {
      state.replaceLatest(own.with(company));
    }
    return state.latest();
  }

  /** The other machines on the switch, in the order in which they were connected. */
  private List<Machine> others() {
    return lan().others(member).stream().map(m -> ((OnSwitch) m).machine()).toList();
  }

  /**
   * Restores a snapshot, in place: compiled code stays, except for code whose bytes have changed.
   * To be called between runs, by the thread of the machine. The snapshot may be that of another
   * machine with the same configuration, if as many machines share its switch.
   */
  public void restore(Snapshot snapshot) {
    restoreAlone(snapshot);
    if (snapshot.company() != null) {
      snapshot.company().each(others(), Machine::restoreAlone);
      lan().restore(snapshot.company().between());
    }
  }

  private void restoreAlone(Snapshot snapshot) {
    notePowerOn();
    reset.forget();
    state.restore(snapshot);
  }

  /**
   * Returns whether the machine is in the state of a snapshot. To be called between runs, by the
   * thread of the machine.
   */
  public boolean isAt(Snapshot snapshot) {
    return isAt(snapshot, granule -> false, block -> false);
  }

  /**
   * Returns whether the machine is in the state of a snapshot, except for accepted differences in
   * RAM and on the card. Other machines on its switch must be in their states exactly.
   *
   * @param accepted tells, by its number, whether a granule may differ
   * @param acceptedBlocks the same of a block of the card
   */
  public boolean isAt(Snapshot snapshot, IntPredicate accepted, LongPredicate acceptedBlocks) {
    return state.isAt(snapshot, accepted, acceptedBlocks)
        && (snapshot.company() == null
            || Arrays.equals(lan().state(), snapshot.company().between())
                && snapshot.company().all(others(), (m, s) -> m.state.isAt(s)));
  }

  /** Drops input that arrived after the current moment, whose future has changed. */
  public void forgetFuture() {
    if (input != null) {
      input.forgetFuture();
    }
    if (port != null) {
      port.forgetFuture();
    }
  }

  /** Returns the input that has arrived up to the current moment. */
  public InputLog inputLog() {
    return new InputLog(
        input == null ? List.of() : input.log(), port == null ? List.of() : port.log());
  }

  /** Replaces the recorded input by that of a snapshot which is about to be restored. */
  public void putInputLog(InputLog past) {
    if (input != null) {
      input.putLog(past.typed());
    }
    if (port != null) {
      port.putLog(past.arrived());
    }
  }

  /**
   * Writes a snapshot to a file atomically.
   *
   * @throws IOException when it cannot be written
   */
  public void write(Snapshot snapshot, Path file) throws IOException {
    Snapshot whole = snapshot.whole(media::complete);
    SnapshotFile.write(whole, file, identity, bus.ramSize(), media.identities());
  }

  /**
   * Reads a snapshot of a machine with the same image and RAM.
   *
   * @throws ImageException when it is of another image, size or version, or damaged
   */
  public Snapshot read(Path file) throws ImageException {
    return SnapshotFile.read(file, identity, bus.ramSize(), media.identity());
  }

  /** Types characters on UART0; to be called between runs of a machine that has input. */
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

  /** Returns the packets that have passed the network cable; null without a cable. */
  public Packets packets() {
    return port == null ? null : port.packets();
  }

  /** Returns the card of the first slot; null if it never has one. */
  public SdCard card() {
    return card;
  }

  /**
   * Removes the card from the slot, or inserts it again; to be called between runs.
   *
   * @throws IllegalStateException when the machine has none
   */
  public void setCardInserted(boolean inserted) {
    if (card == null) {
      throw new IllegalStateException("the machine has no card");
    }
    board.setInserted(inserted);
  }

  /**
   * Runs until a number of blocks have been written to the card, as {@link Disk#writes} counts
   * them, a tick, or the end of the guest: the disk then holds what a power failure at this moment
   * would leave.
   *
   * @param writes number of the write to stop after, exactly at the instruction that completes it
   * @param untilTick tick to stop at, {@link VirtualClock#NEVER} for none
   * @return {@link Executor.Stop#WATCHPOINT} at the write
   * @throws GuestExit when the guest ends the run
   */
  public Executor.Stop runToCardWrite(long writes, long untilTick) {
    card.disk().stopAt(writes, executor::stopAfterThis);
    try {
      return run(untilTick);
    } finally {
      card.disk().stopAt(0, () -> {});
    }
  }

  /** Returns whether hot code is compiled. */
  public boolean compiles() {
    return context.compiles();
  }

  /** Returns what the compiler has done so far. */
  public CompilationLog compilations() {
    return context.compilations();
  }

  /** Returns what runs the processor. */
  public Executor executor() {
    return executor;
  }

  @Override
  public void close() {
    executor.close();
    if (input != null) {
      input.close();
    }
    if (port != null) {
      if (lan() != null) {
        lan().remove(member);
      }
      port.close();
    }
    context.close();
    if (card != null) {
      try {
        card.disk().close();
      } catch (IOException e) {
        throw new UncheckedIOException("the SD image was not closed", e);
      }
    }
    files.closeAll();
    try {
      board.flash().close();
    } catch (IOException e) {
      throw new UncheckedIOException("the file of the flash was not closed", e);
    }
    arena.close();
  }

  /** This machine as the switch runs it. */
  private final class OnSwitch implements Member {
    Machine machine() {
      return Machine.this;
    }

    @Override
    public long now() {
      return cpu.now();
    }

    @Override
    public long quietUntil() {
      return cpu.isWaiting() && !cpu.interruptRequested()
          ? Math.max(cpu.now(), cpu.clock.next())
          : cpu.now();
    }

    @Override
    public Executor.Stop advance(long tick) {
      return runAlone(tick);
    }

    @Override
    public void pass() {
      executor.passBreakpoint();
    }
  }
}
