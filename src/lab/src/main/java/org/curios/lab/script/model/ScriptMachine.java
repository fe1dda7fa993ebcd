package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.core.Cpu;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.inspect.Places;
import org.curios.lab.program.Program;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/** A machine as a script sees it. */
@ScriptName(
    value = "Machine",
    doc = "A machine with its guest. It is stopped unless a call runs it; every run is identical.")
public final class ScriptMachine implements AutoCloseable {
  private static final long TICKS_PER_US = VirtualClock.HZ / 1_000_000;

  private final Workbench workbench;
  private final Port port;
  private final Image image;
  private final Symbols symbols;
  private final Guest guest;
  private final ScriptPoints points;
  private final MachineRun run;
  private boolean closed;

  /** Tick of the first change by the script that has not been reported yet; -1 for none. */
  private long changedAt = -1;

  /** Made when a script first names a place in the source. */
  private Places places;

  ScriptMachine(Workbench workbench, Port port, Image image, Symbols symbols) {
    this.workbench = workbench;
    this.port = port;
    this.image = image;
    this.symbols = symbols;
    this.guest = new Guest(symbols);
    this.points = new ScriptPoints(this, port);
    this.run = new MachineRun(workbench, port, points);
  }

  // ---- where it is

  /** Returns the instructions executed so far. */
  @Property("Instructions executed since the start; 200 are a microsecond.")
  public long ticks() {
    return cpu().now();
  }

  /** Returns virtual time. */
  @Property("Virtual microseconds since the start.")
  public double us() {
    return cpu().now() / (double) TICKS_PER_US;
  }

  /** Returns whether it can run. */
  @Property("stopped, running (within a callback) or ended.")
  public String state() {
    return run.status() != null ? "ended" : run.isRunning() ? "running" : "stopped";
  }

  /** Returns how the guest has ended. */
  @Property("The exit status of the guest; nothing while it has not ended.")
  public Integer status() {
    return run.status();
  }

  /** Returns where it is. */
  @Property("Address of the next instruction.")
  public long pc() {
    return cpu().register(15) & 0xffffffffL;
  }

  /** Returns where it is, as text. */
  @Property("The next instruction as function+offset.")
  public String symbol() {
    return symbols.describe(cpu().register(15));
  }

  /** Returns the policy of the kernel. */
  @Property("The recovery policy of the kernel.")
  public String policy() {
    return view().words().name(Kind.POLICY, view().policy());
  }

  // ---- its parts

  /** Returns the registers. */
  @Property("Registers of the current mode.")
  public ScriptRegisters registers() {
    return new ScriptRegisters(this);
  }

  /** Returns the memory. */
  @Property("Memory by virtual address or symbol.")
  public ScriptMemory memory() {
    return new ScriptMemory(this);
  }

  /** Returns the symbols. */
  @Property("Functions and variables of the image.")
  public SymbolList symbols() {
    return new SymbolList(this);
  }

  /** Returns the console. */
  @Property("The guest's serial console.")
  public Console console() {
    return new Console(this);
  }

  /** Returns the services. */
  @Property("The protected objects that serve.")
  public ServiceList services() {
    return new ServiceList(this);
  }

  /** Returns the clients. */
  @Property("The protected objects that call services.")
  public ClientList clients() {
    return new ClientList(this);
  }

  /** Returns the states. */
  @Property("The server state regions of all services.")
  public SsrList ssrs() {
    return new SsrList(this, null);
  }

  /** Returns the faults to inject. */
  @Property("Faults to inject, and their outcomes.")
  public Faults faults() {
    return new Faults(this);
  }

  // ---- running

  /** Runs for some time. */
  @ScriptMethod(
      "Runs for a number of ticks, us or ms; without a number, until something stops it. Returns the reason of the stop: ticks, breakpoint, watchpoint, stopped, ended, idle (it waits for an event that can never come) or dead (endless exceptions).")
  public String run(
      @Arg(value = "ticks", optional = true) Long ticks,
      @Arg(value = "us", optional = true) Double us,
      @Arg(value = "ms", optional = true) Double ms) {
    long length = MachineRun.length(ticks, us, ms);
    return runTo(length == VirtualClock.NEVER ? length : ticks() + length);
  }

  /** Returns where a virtual address lies in RAM; -1 if it is not mapped. */
  int physical(int address) {
    if (guest.isCurios()) {
      return view().memory().physical(address);
    }
    int physical = cpu().memory.physical(address);
    return physical != -1 && machine().bus().isRam(physical) ? physical : -1;
  }

  /** Returns whether the guest describes its structures. */
  boolean isCurios() {
    return guest.isCurios();
  }

  /** Records that the script changes the guest now. */
  void noteChange() {
    if (changedAt < 0) {
      changedAt = ticks();
    }
  }

  /** Returns the tick of the first change since the last call; -1 if there was none. */
  long takeChange() {
    long at = changedAt;
    changedAt = -1;
    return at;
  }

  /** Runs to a tick. */
  String runTo(long tick) {
    mustBeOpen();
    return run.to(tick);
  }

  /** Executes instructions. */
  @ScriptMethod("Executes instructions, one if no count is given.")
  public String step(@Arg(value = "count", optional = true) Long count) {
    long steps = count == null ? 1 : count;
    if (steps < 1) {
      throw ScriptException.usage("give a count of 1 or more, not " + steps);
    }
    return runTo(ticks() + steps);
  }

  /** Runs to an address. */
  @ScriptMethod(
      "Runs until the next instruction is the one at a place, at most for a number of ms. Returns whether it has reached the place.")
  public boolean until(@Arg("place") Object place, @Arg(value = "ms", optional = true) Double ms) {
    List<Integer> addresses = addresses(place);
    long limit = MachineRun.length(null, null, ms);
    boolean[] there = new boolean[1];
    List<ScriptPoints.Point> set =
        addresses.stream()
            .map(address ->
                points.add(
                    address,
                    () -> {
                      there[0] = true;
                      return true;
                    }))
            .toList();
    try {
      runTo(limit == VirtualClock.NEVER ? limit : ticks() + limit);
    } finally {
      set.forEach(ScriptPoints.Point::close);
    }
    return there[0];
  }

  /** Runs to an event. */
  @ScriptMethod(
      "Runs until the kernel reports an event of a kind, such as fault or recovered, of one service if it is named, at most for a number of ms. Returns the event, or nothing.")
  public Event untilEvent(
      @Arg("kind") String kind,
      @Arg(value = "service", optional = true) String service,
      @Arg(value = "ms", optional = true) Double ms) {
    long limit = MachineRun.length(null, null, ms);
    if (service != null) {
      services().item(service);
    }
    Event[] seen = new Event[1];
    Subscription subscription =
        points.subscribe(
            kind,
            e -> {
              if (service == null || service.equals(e.service())) {
                seen[0] = e;
                stop();
              }
            });
    try {
      runTo(limit == VirtualClock.NEVER ? limit : ticks() + limit);
    } finally {
      subscription.close();
    }
    return seen[0];
  }

  /** Stops the run. */
  @ScriptMethod("Within a callback: ends the run here.")
  public void stop() {
    run.stop();
  }

  /** Calls a function at events. */
  @ScriptMethod(
      "Calls a function with each Event of a kind: an event of the kernel, such as boot, fault or recovered; call for each protected call; * for all except calls.")
  public Subscription on(@Arg("kind") String kind, @Arg("function") Callback function) {
    return points.subscribe(kind, e -> function.call(e));
  }

  /** Stops, or calls a function, at an address. */
  @ScriptMethod(
      "Stops before the instruction at a place; with a function, calls it with the breakpoint and continues instead.")
  public Breakpoint breakpoint(
      @Arg("place") Object place, @Arg(value = "function", optional = true) Callback function) {
    return points.breakpoint(addresses(place), function);
  }

  /** Stops, or calls a function, when memory is touched. */
  @ScriptMethod(
      "Stops after an instruction that stores into a range of memory; with a function, calls it with the watchpoint and continues instead.")
  public Watchpoint watch(
      @Arg("place") Object place,
      @Arg(value = "bytes", optional = true) Long bytes,
      @Arg(value = "function", optional = true) Callback function) {
    return points.watch(address(place), bytes == null ? 4 : Math.toIntExact(bytes), function);
  }

  // ---- past and other futures

  /** Takes a snapshot of the current state. */
  @ScriptMethod("Takes a snapshot of the current state, including the console.")
  public ScriptSnapshot snapshot() {
    mustBeOpen();
    return new ScriptSnapshot(port.save(), run.status());
  }

  /** Goes to a snapshot. */
  @ScriptMethod(
      "Restores a snapshot of this machine, of the machine that it was forked from, or of one of its forks.")
  public void restore(@Arg("snapshot") ScriptSnapshot snapshot) {
    mustBeOpen();
    if (run.isRunning()) {
      throw ScriptException.guest("not in a callback; stop the run first");
    }
    port.restore(snapshot.saved());
    run.putStatus(snapshot.status());
  }

  /** Makes a second machine. */
  @ScriptMethod(
      "Makes a second machine in the same state. With a function, calls it with that machine, closes the machine and returns the result.")
  public Object fork(@Arg(value = "function", optional = true) Callback function) {
    mustBeOpen();
    ScriptMachine other = workbench.fork(this, port.save());
    other.run.putStatus(run.status());
    if (function == null) {
      return other;
    }
    try (other) {
      return function.call(other);
    }
  }

  /** Closes the machine. */
  @Override
  @ScriptMethod("Closes a machine that was forked or booted; a with block does so at its end.")
  public void close() {
    if (!closed) {
      run.mustNotRun();
      closed = true;
      points.clear();
      port.release();
    }
  }

  void unwatch(org.curios.arm.core.Memory.Watch watch) {
    points.unwatch(watch);
  }

  /** Removes the script's points from a machine that continues to exist. */
  public void detach() {
    points.clear();
  }

  private void mustBeOpen() {
    if (closed) {
      throw ScriptException.guest("the machine is closed");
    }
  }

  // ---- looking closer

  /** Returns assembler text. */
  @ScriptMethod("Disassembled lines from a place on; from the next instruction if none is given.")
  public List<String> disassemble(
      @Arg(value = "place", optional = true) Object place,
      @Arg(value = "count", optional = true) Long count) {
    int at = place == null ? cpu().register(15) : address(place) & ~1;
    boolean thumb = (cpu().pc & 1) != 0 && place == null;
    return AssemblerLines.of(this, at, count == null ? 10 : count, thumb);
  }

  /** Counts instructions by function. */
  @ScriptMethod(
      "Runs for a number of ticks, us or ms, an instruction at a time, and counts instructions by function. Returns rows with function, instructions, share_percent, the largest first.")
  public List<?> profile(
      @Arg(value = "ticks", optional = true) Long ticks,
      @Arg(value = "us", optional = true) Double us,
      @Arg(value = "ms", optional = true) Double ms) {
    long length = MachineRun.length(ticks, us, ms);
    if (length == VirtualClock.NEVER) {
      throw ScriptException.usage("give a length in ticks, us or ms");
    }
    return new FunctionProfile(this).run(length);
  }

  // ---- for the other parts

  Machine machine() {
    return port.machine();
  }

  Cpu cpu() {
    mustBeOpen();
    return port.machine().cpu();
  }

  Image image() {
    return image;
  }

  Symbols symbolTable() {
    return symbols;
  }

  Workbench workbench() {
    return workbench;
  }

  Port port() {
    return port;
  }

  /** Returns the guest's structures. */
  Guest.View view() {
    mustBeOpen();
    if (!guest.isCurios()) {
      throw ScriptException.guest("this image is not CuriOS: it has no table of its structures");
    }
    try {
      return guest.at(machine());
    } catch (LabException e) {
      throw ScriptException.guest(e.getMessage());
    }
  }

  /** Resolves a place to an address; of those of a source line, the first. */
  int address(Object place) {
    return addresses(place).get(0);
  }

  /**
   * Takes a symbol, symbol+N, service.method, FILE:LINE, FILE:FUNCTION or number for addresses;
   * inlined copies of a line make several.
   */
  List<Integer> addresses(Object place) {
    if (!(place instanceof String text) || symbols.find(text) != null || !Places.isOfSource(text)) {
      return List.of(SymbolList.address(symbols, place));
    }
    try {
      if (places == null) {
        places = new Places(new Program(image), guest);
      }
      return places.find(text, machine());
    } catch (LabException e) {
      throw ScriptException.name(e.getMessage());
    }
  }

  @Override
  public String toString() {
    return closed
        ? "<machine, closed>"
        : String.format(
            Locale.ROOT, "<machine %s at tick %,d, %08x %s>", state(), ticks(), pc(), symbol());
  }

  /** Returns where the guest is, for an exception; an empty list if that cannot be said. */
  public List<Object> place() {
    List<Object> place = new ArrayList<>();
    if (!closed) {
      place.add(ticks());
      place.add(pc());
      place.add(symbol());
    }
    return place;
  }
}
