package org.curios.machine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.ArmLanguage;
import org.curios.arm.language.instrument.GuestRunner;
import org.curios.arm.run.Executor;
import org.curios.machine.card.Disk;
import org.curios.machine.card.SdCard;
import org.curios.machine.device.CfiFlash;
import org.curios.machine.device.Elsewhere;
import org.curios.machine.device.Pl011;
import org.curios.machine.engine.CompilationLog;
import org.curios.machine.engine.Jit;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageCode;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.LinuxBoot;
import org.curios.machine.image.SourceLookup;
import org.curios.machine.input.ConsoleInput;
import org.curios.machine.input.InputLog;
import org.curios.machine.net.Cable;
import org.curios.machine.net.EthernetPort;
import org.curios.machine.net.FarEnd;
import org.curios.machine.net.Impairments;
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
import org.graalvm.polyglot.Context;

/**
 * A VersatilePB with an image loaded. Its polyglot context is entered for each run only, so that a
 * run may be asked for by a host function that a script in another context has called. One thread
 * at a time may use it.
 */
public final class Machine implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final Context context;
  private final ArmLanguage language;
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
  private final boolean reboots;
  private final Executor executor;
  private final ConsoleInput input;
  private final EthernetPort port;
  private final Member member = new OnSwitch();
  private Snapshot latest;
  private String identity = "";

  /** The machine ahead of its first instruction: what a reset of the board goes back to. */
  private Snapshot powerOn;

  private boolean resetRequested;
  private final CompilationLog compilations = new CompilationLog();

  /** How a machine is made. */
  public static final class Builder {
    private int ramSize = 128 << 20;
    private Path sd;
    private Disk disk;
    private Path flash;
    private boolean reboots = true;
    private Consumer<String> elsewhere;
    private boolean jit = true;
    private boolean compileImmediately;
    private boolean translateImmediately;
    private boolean translates;
    private boolean warms = true;
    private PrintStream console = System.out;
    private java.io.InputStream input;
    private Runnable onProgramRead;
    private PrintStream errors;
    private Path hostFolder;
    private List<String> arguments = List.of();
    private Consumer<String> warnings;
    private boolean strict;
    private ArmLanguage embeddedIn;
    private boolean instrumented;
    private Cable cable;
    private Switch lan;
    private FarEnd farEnd;
    private byte[] mac;
    private Impairments impairments = Impairments.NONE;
    private Path capture;
    private java.io.OutputStream toolMessages = System.err;
    private SourceLookup sources = SourceLookup.NONE;
    private final java.util.Map<String, String> options = new java.util.LinkedHashMap<>();

    /** Sets the size of RAM in bytes, up to 256 MiB: the devices begin behind them. */
    public Builder ram(int bytes) {
      ramSize = bytes;
      return this;
    }

    /** Puts a card with an image file into the slot, which is written to; null for no card. */
    public Builder sd(Path file) {
      sd = file;
      return this;
    }

    /** Puts a card into the slot, null for none; the machine closes it. */
    public Builder card(Disk content) {
      disk = content;
      return this;
    }

    /** Puts a file into the flash memory; without, the flash is erased and is kept nowhere. */
    public Builder flash(Path file) {
      flash = file;
      return this;
    }

    /** Chooses whether a reset restarts the board; if not, it ends the run. */
    public Builder reboots(boolean startsAnew) {
      reboots = startsAnew;
      return this;
    }

    /**
     * Has physical addresses at which nothing is read as 0 and ignore what is written, as with
     * QEMU, instead of aborting.
     *
     * @param log takes a line for each place
     */
    public Builder lenient(Consumer<String> log) {
      elsewhere = log;
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

    /** Chooses whether code gets warm before it is compiled; if not, for tests of regions. */
    public Builder warms(boolean isTranslated) {
      warms = isTranslated;
      return this;
    }

    /**
     * Chooses whether code is translated to host byte code at once and in the foreground, and
     * nothing else is compiled, for tests of that tier.
     */
    public Builder translateImmediately(boolean immediately) {
      translateImmediately = immediately;
      return this;
    }

    /**
     * Chooses whether code is translated to host byte code in the background, and nothing else is
     * compiled: for many short runs of the same code.
     */
    public Builder translates(boolean inBackground) {
      translates = inBackground;
      jit = jit && !inBackground;
      return this;
    }

    /** Sets where UART0 and semihosting write to. */
    public Builder console(PrintStream stream) {
      console = stream;
      return this;
    }

    /**
     * Sets where UART0 and semihosting read from; nothing by default. Reading several bytes must
     * come back with those that there are.
     */
    public Builder input(java.io.InputStream stream) {
      input = stream;
      return this;
    }

    /**
     * Sets what is called each time before a program reads the input by semihosting: a terminal
     * gives it whole lines from then on.
     */
    public Builder onProgramRead(Runnable action) {
      onProgramRead = action;
      return this;
    }

    /** Sets where the standard error of semihosting goes to; to the console by default. */
    public Builder errors(PrintStream stream) {
      errors = stream;
      return this;
    }

    /** Lets semihosting open the files of a folder, and those below; none by default. */
    public Builder hostFolder(Path folder) {
      hostFolder = folder;
      return this;
    }

    /**
     * Sets the arguments of the program: what follows its name on the command line that semihosting
     * gives, and the command line of a kernel.
     */
    public Builder arguments(List<String> words) {
      arguments = List.copyOf(words);
      return this;
    }

    /**
     * Sets who is told, once, of an exception for which the guest has no handler.
     *
     * @param strict whether the run ends there with status 3
     */
    public Builder warnings(Consumer<String> line, boolean strict) {
      warnings = line;
      this.strict = strict;
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

    /** Plugs the cable of the Ethernet controller in where a description says; null for nowhere. */
    public Builder net(Cable description) {
      cable = description;
      return this;
    }

    /** Plugs the cable of the Ethernet controller into a switch. */
    public Builder net(Switch shared) {
      lan = shared;
      return this;
    }

    /** Plugs somebody into the other end of the cable, who is closed with the machine. */
    public Builder net(FarEnd end) {
      farEnd = end;
      return this;
    }

    /** Sets what happens to frames on the cable. */
    public Builder impairments(Impairments onCable) {
      impairments = onCable;
      return this;
    }

    /**
     * Sets the address of the Ethernet controller, six bytes; by default 52:54:00:12:34:56, counted
     * up for each further machine on a switch.
     */
    public Builder mac(byte[] address) {
      mac = address.clone();
      return this;
    }

    /** Writes the packets of the cable to a file; null for none. */
    public Builder capture(Path file) {
      capture = file;
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
    if (builder.translates) {
      executor.translateInBackground();
    }
    if (!builder.warms) {
      executor.withoutWarmCode();
    }
    if (builder.translateImmediately) {
      executor.translateImmediately();
    }
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
    resetRequested = true;
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
    load(image, BootFiles.NONE);
  }

  /**
   * Loads an image as {@link #load(Image)} does, and what goes with it: a raw image gets its
   * command line and its RAM disk by boot tags or by the device tree; an ELF image finds the device
   * tree at address 0.
   *
   * @throws ImageException when something does not fit or is damaged
   */
  public void load(Image image, BootFiles files) throws ImageException {
    for (Image.Segment segment : image.segments()) {
      write(image.name(), segment.address(), segment.bytes(), segment.size());
    }
    identity = image.identity();
    semihosting.commandLine(CommandLine.of(image.name(), arguments));
    cpu.reset();
    if (image.raw()) {
      LinuxBoot boot = new LinuxBoot(image, withArguments(files), bus.ramSize());
      for (Image.Segment segment : boot.segments()) {
        write(image.name(), segment.address(), segment.bytes(), segment.size());
      }
      cpu.r1 = VersatilePb.MACHINE_NUMBER;
      cpu.r2 = boot.argument();
    } else {
      loadBeside(image, files);
    }
    cpu.pc = image.entry();
    if (instrumented) {
      executor.instrument(new GuestRunner(language, cpu, executor, new ImageCode(image, sources)));
    }
  }

  /** Arguments of a run are the command line of a kernel. */
  private BootFiles withArguments(BootFiles files) throws ImageException {
    if (arguments.isEmpty()) {
      return files;
    }
    if (!files.append().isEmpty()) {
      throw new ImageException("the command line is given twice, by --append and behind --");
    }
    return new BootFiles(String.join(" ", arguments), files.initrd(), files.deviceTree());
  }

  private void loadBeside(Image image, BootFiles files) throws ImageException {
    if (files.initrd() != null || !files.append().isEmpty()) {
      throw new ImageException(
          "%s: an ELF executable starts without boot tags, so that %s has no effect; give a zImage, uImage or raw image"
              .formatted(image.name(), files.initrd() != null ? "--initrd" : "--append"));
    }
    if (files.deviceTree() != null) {
      Image.Segment tree = LinuxBoot.treeBelow(image, files, bus.ramSize());
      write(files.deviceTree().name(), tree.address(), tree.bytes(), tree.size());
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
        return runOnce(untilTick);
      } catch (GuestExit e) {
        if (!resetRequested || !reboots) {
          throw e;
        }
        startAnew();
      }
    }
  }

  private Executor.Stop runOnce(long untilTick) {
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

  private void notePowerOn() {
    if (powerOn == null && reboots) {
      powerOn = takeSnapshot();
    }
  }

  /**
   * What a reset of the board does: processor and devices restart, and what was loaded is loaded
   * again; the rest of RAM, cards, flash and what has a battery stay, and time goes on.
   */
  private void startAnew() {
    resetRequested = false;
    powerOn.granules().forEach(this::putBack);
    ByteArrayOutputStream lasting = new ByteArrayOutputStream();
    int flags = board.system().nvFlags();
    long now = cpu.now();
    try {
      DataOutputStream out = new DataOutputStream(lasting);
      for (Stateful part : lasting()) {
        part.save(out);
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(powerOn.state()));
      for (Stateful part : parts()) {
        if (part != input && part != port) {
          part.restore(in);
        }
      }
      in = new DataInputStream(new ByteArrayInputStream(lasting.toByteArray()));
      for (Stateful part : lasting()) {
        part.restore(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    board.system().keepNvFlags(flags);
    board.flash().reset();
    if (card != null) {
      card.flush();
    }
    cpu.setNow(now);
    if (port != null) {
      port.controllerReset();
    }
  }

  /** Returns what a reset of the board leaves as it is. */
  private List<Stateful> lasting() {
    return card == null ? List.of(board.lasting()) : List.of(board.lasting(), card.slot());
  }

  private void putBack(int granule, byte[] bytes) {
    bus.markDirty(granule * Bus.GRANULE);
    cpu.putGranule(granule, bytes);
  }

  /**
   * Takes a snapshot: the state of processor and devices, and the granules of RAM and blocks of
   * card and flash written since the last one; the last one itself if nothing has happened since.
   * To be called between runs, by the thread of the machine.
   */
  public Snapshot snapshot() {
    Company before = latest == null ? null : latest.company();
    Snapshot own = snapshotAlone();
    if (lan() == null) {
      return own;
    }
    Map<Member, Snapshot> others = new HashMap<>();
    for (Member m : lan().others(member)) {
      others.put(m, ((OnSwitch) m).machine().snapshotAlone());
    }
    Company company = new Company(others, lan().state());
    if (own.company() == null || !company.resembles(before)) {
      latest = own.with(company);
    }
    return latest;
  }

  private Snapshot snapshotAlone() {
    media.keepBase();
    return takeSnapshot();
  }

  private Snapshot takeSnapshot() {
    byte[] state = state();
    BitSet dirty = bus.dirtyGranules();
    Map<Long, byte[]> blocks = media.takeChanges();
    if (latest != null
        && blocks.isEmpty()
        && dirty.isEmpty()
        && Arrays.equals(latest.state(), state)) {
      return latest;
    }
    Map<Integer, byte[]> granules = new HashMap<>();
    dirty.stream().forEach(g -> granules.put(g, bus.granule(g)));
    cpu.watchStores();
    latest = new Snapshot(latest, cpu.now(), granules, blocks, state, null);
    return latest;
  }

  /**
   * Puts the machine back to a snapshot, in place: compiled code stays, but for code whose bytes
   * have changed. To be called between runs, by the thread of the machine.
   */
  public void restore(Snapshot snapshot) {
    restoreAlone(snapshot);
    if (snapshot.company() != null) {
      snapshot.company().others().forEach((m, s) -> ((OnSwitch) m).machine().restoreAlone(s));
      lan().restore(snapshot.company().between());
    }
  }

  private void restoreAlone(Snapshot snapshot) {
    notePowerOn();
    resetRequested = false;
    BitSet changed = changed(snapshot);
    for (int g = changed.nextSetBit(0); g >= 0; g = changed.nextSetBit(g + 1)) {
      cpu.putGranule(g, snapshot.granule(g));
    }
    cpu.watchStores();
    media.keepBase();
    Set<Long> blocks = changedBlocks(snapshot);
    latest = snapshot;
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot.state()))) {
      for (Stateful part : parts()) {
        part.restore(in);
      }
      for (long number : blocks) {
        media.putBack(number, snapshot.block(number));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the snapshot cannot be restored", e);
    }
  }

  /**
   * Returns whether the machine is in the state of a snapshot. To be called between runs, by the
   * thread of the machine.
   */
  public boolean isAt(Snapshot snapshot) {
    return isAloneAt(snapshot, granule -> false)
        && (snapshot.company() == null
            || Arrays.equals(lan().state(), snapshot.company().between())
                && snapshot.company().others().entrySet().stream()
                    .allMatch(e -> ((OnSwitch) e.getKey()).machine().isAloneAt(e.getValue(), granule -> false)));
  }

  /**
   * Returns whether a machine that is on no switch is in the state of a snapshot, but for
   * differences in RAM that somebody accepts.
   *
   * @param accepted is asked for each granule that differs, by its number
   */
  public boolean isAt(Snapshot snapshot, IntPredicate accepted) {
    return isAloneAt(snapshot, accepted);
  }

  private boolean isAloneAt(Snapshot snapshot, IntPredicate accepted) {
    if (cpu.now() != snapshot.tick() || !Arrays.equals(state(), snapshot.state())) {
      return false;
    }
    BitSet changed = changed(snapshot);
    for (int g = changed.nextSetBit(0); g >= 0; g = changed.nextSetBit(g + 1)) {
      if (!bus.holds(g, snapshot.granule(g)) && !accepted.test(g)) {
        return false;
      }
    }
    return hasBlocks(snapshot);
  }

  /** Returns the granules in which RAM and a snapshot may differ. */
  private BitSet changed(Snapshot snapshot) {
    BitSet changed = snapshot.differences(latest);
    changed.or(bus.dirtyGranules());
    return changed;
  }

  private Set<Long> changedBlocks(Snapshot snapshot) {
    Set<Long> changed = snapshot.blockDifferences(latest);
    changed.addAll(media.dirty());
    return changed;
  }

  private boolean hasBlocks(Snapshot snapshot) {
    try {
      for (long number : changedBlocks(snapshot)) {
        if (!media.holds(number, snapshot.block(number))) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("the card cannot be read", e);
    }
  }

  private byte[] state() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Stateful part : parts()) {
        part.save(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Drops input that came after the present moment: what follows is another future. */
  public void forgetFuture() {
    if (input != null) {
      input.forgetFuture();
    }
    if (port != null) {
      port.forgetFuture();
    }
  }

  /** Returns the input that has come up to the present moment. */
  public InputLog inputLog() {
    return new InputLog(
        input == null ? List.of() : input.log(), port == null ? List.of() : port.log());
  }

  /** Takes another past of the input, that of a snapshot which is about to be restored. */
  public void putInputLog(InputLog past) {
    if (input != null) {
      input.putLog(past.typed());
    }
    if (port != null) {
      port.putLog(past.arrived());
    }
  }

  /**
   * Writes a snapshot to a file, which appears whole or not at all.
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
      parts.add(card.slot());
    }
    if (input != null) {
      parts.add(input);
    }
    if (port != null) {
      parts.add(port);
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

  /** Returns the packets that have passed the network cable; null without a cable. */
  public Packets packets() {
    return port == null ? null : port.packets();
  }

  /** Returns the card of the first slot; null if it never has one. */
  public SdCard card() {
    return card;
  }

  /**
   * Takes the card out of the slot, or puts it in again; to be called between runs.
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
   * Runs until the card has had a number of blocks written to it, as {@link Disk#writes} counts
   * them, a tick, or the end of the guest: what its power failing there would leave is on the disk.
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
    if (context != null) {
      if (instrumented) {
        context.leave();
      }
      context.close(!instrumented); // tools write what they have found at a close in order
    }
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

  /** This machine as the switch moves it. */
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
