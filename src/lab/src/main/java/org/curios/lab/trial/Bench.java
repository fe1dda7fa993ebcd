package org.curios.lab.trial;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor.Stop;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.lab.trial.Observation.Happening;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.device.Pl011;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.net.Switch;
import org.curios.machine.snapshot.Snapshot;

/** A machine for trials, with its output and its typed input; for one thread at a time. */
public final class Bench implements AutoCloseable, FaultHost {
  private static final int RAM = 64 << 20;

  private static final long PEER_STEP = 1_000_000;
  private static final long PEER_PATIENCE = 400_000_000;

  /**
   * The machine at one moment of a run.
   *
   * @param snapshot the machine
   * @param printed bytes that it had sent
   * @param typed characters that it had been given
   * @param nextCharacter tick from which it may get the next one
   * @param core the processor's registers
   * @param idle other state of the processor that makes no difference
   * @param waiting whether it waited
   * @param working the clients that had not finished
   * @param peerPrinted what the second machine had sent; empty if there is none
   * @param reads blocks that were read from the card
   * @param writes blocks that were written to it
   */
  record Moment(
      Snapshot snapshot,
      int printed,
      int typed,
      long nextCharacter,
      int[] core,
      Convergence.Idle idle,
      boolean waiting,
      Set<String> working,
      byte[] peerPrinted,
      long reads,
      long writes) {
    long tick() {
      return snapshot.tick();
    }
  }

  private final Workload workload;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream peerOutput = new ByteArrayOutputStream();
  private final Disk card; // null for none
  private final Machine machine;

  /** The second machine; null if there is none. */
  private final Machine peer;

  private final Symbols symbols;
  private final Guest guest;
  private WorkloadClients clients;
  private int typed;
  private long nextCharacter;
  private Integer status;
  private boolean dead;

  /** Events that the kernel reports, with their ticks; null while they are not watched. */
  private List<Happening> watched;

  /**
   * The same, without the names, which a damaged kernel may not have; null while it is not needed.
   */
  private List<Mark> marks;

  /** What faults have left to do. */
  private final Aftermath aftermath;

  /**
   * An event of the kernel.
   *
   * @param kind its number, of {@link org.curios.lab.guest.Dictionary.Kind#EVENT}
   * @param detail the first detail that the kernel reports: for a fault, its number
   * @param tick when
   */
  record Mark(int kind, int detail, long tick) {}

  Bench(String policy, Workload workload, boolean translates) {
    this("curios", policy, workload, translates);
  }

  /**
   * Boots an image of CuriOS, interpreted, for which nothing is typed.
   *
   * @param image its name
   * @param policy recovery policy
   * @param run clients to start, separated by commas
   */
  public Bench(String image, String policy, String run) {
    this(image, policy, Workload.of(run), false);
  }

  /**
   * Boots an image of CuriOS, interpreted, on a network with other machines.
   *
   * @param image its name
   * @param policy recovery policy
   */
  public Bench(String image, String policy, Workload workload, Switch lan) {
    this(image, policy, workload, false, lan);
  }

  private Bench(String name, String policy, Workload workload, boolean translates) {
    this(name, policy, workload, translates, null);
  }

  private Bench(String name, String policy, Workload workload, boolean translates, Switch lan) {
    this.workload = workload;
    card = workload.card() == null ? null : new Disk(workload.card());
    try {
      Image image = image(name, policy, workload.run(), workload.ip());
      boolean alone = workload.peer().isEmpty();
      Switch net = lan == null && !alone ? new Switch() : lan;
      MachineBuilder builder = builder(translates, output);
      builder.card(card);
      machine = (net == null ? builder : builder.net(net)).build();
      machine.load(image);
      peer = alone ? null : builder(translates, peerOutput).net(net).build();
      if (peer != null) {
        peer.load(image(name, policy, workload.peer(), Workload.PEER));
      }
      symbols = new Symbols(image);
      guest = new Guest(symbols);
      aftermath = new Aftermath(machine);
    } catch (ImageException e) {
      throw new LabException(e.getMessage());
    }
  }

  private static Image image(String name, String policy, String run, String ip)
      throws ImageException {
    Boot boot = new Boot(Generations.ofKernel(policy), run, ip);
    return Image.parse(name, Images.withArguments(name, boot.arguments()));
  }

  private static MachineBuilder builder(boolean translates, ByteArrayOutputStream output) {
    return new MachineBuilder()
        .jit(false)
        .translates(translates)
        .ram(RAM)
        .console(new PrintStream(output, false, StandardCharsets.ISO_8859_1));
  }

  /** Returns the machine. */
  public Machine machine() {
    return machine;
  }

  /** Returns the card; null for none. */
  Disk card() {
    return card;
  }

  long cardReads() {
    return card == null ? 0 : card.reads();
  }

  long cardWrites() {
    return card == null ? 0 : card.writes();
  }

  /** Sets the numbers of blocks that were read from the card and written to it. */
  void setCardCounts(long reads, long writes) {
    if (card != null) {
      card.setCounts(reads, writes);
    }
  }

  /** Returns the symbols of the image. */
  public Symbols symbols() {
    return symbols;
  }

  /** Returns the guest as it is now. */
  public Guest.View view() {
    return guest.at(machine);
  }

  /** Returns the clients; only once the kernel has made all objects. */
  WorkloadClients clients() {
    if (clients == null) {
      clients = new WorkloadClients(view());
    }
    return clients;
  }

  /** Returns a word of a variable of the kernel. */
  int word(String symbol) {
    return machine.bus().read(symbols.require(symbol).address(), 4);
  }

  long now() {
    return machine.cpu().now();
  }

  /** Returns whether the guest has ended or is in an endless loop of exceptions. */
  boolean isOver() {
    return status != null || dead;
  }

  /**
   * Returns whether all clients have done their work, and the guest runs or has ended with status
   * 0.
   */
  boolean isDone() {
    return !dead && (status == null || status == 0) && clients().areDone();
  }

  /** Returns the guest's exit status; null if it has not. */
  public Integer status() {
    return status;
  }

  byte[] printed() {
    return output.toByteArray();
  }

  /** Returns what the guest has printed. */
  public String text() {
    return output.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * Runs until the second machine has printed everything, or for two virtual seconds.
   *
   * @param all tells whether a text is everything
   * @return what it has printed
   */
  String peerText(Predicate<String> all) {
    long until = now() + PEER_PATIENCE;
    while (!isOver()
        && now() < until
        && !all.test(peerOutput.toString(StandardCharsets.ISO_8859_1))) {
      run(now() + PEER_STEP);
    }
    return peerOutput.toString(StandardCharsets.ISO_8859_1);
  }

  /** Returns what has been printed since the last time. */
  byte[] takePrinted() {
    byte[] all = output.toByteArray();
    output.reset();
    return all;
  }

  /** Runs to a tick, or to the end of the guest. */
  void run(long untilTick) {
    while (!isOver() && now() < untilTick) {
      long due = Math.min(feed(), aftermath.perform());
      step(Math.min(untilTick, due));
    }
  }

  @Override
  public void pin(Runnable again) {
    aftermath.pin(again);
  }

  @Override
  public void later(long ticks, Runnable action) {
    aftermath.later(ticks, action);
  }

  /**
   * Runs until the kernel reports something, to a tick, or to the end of the guest; marks must be
   * on.
   */
  boolean runTo(Predicate<Mark> mark, long untilTick) {
    while (!isOver() && now() < untilTick) {
      if (marks.stream().anyMatch(mark)) {
        return true;
      }
      long due = Math.min(feed(), aftermath.perform());
      step(Math.min(untilTick, due));
    }
    return false;
  }

  /**
   * Runs to the next event of the kernel, with the watch on; null when a tick or the end is first.
   */
  Happening next(long untilTick) {
    while (!isOver() && now() < untilTick && watched.isEmpty()) {
      long due = feed();
      step(Math.min(untilTick, due));
    }
    return watched.isEmpty() ? null : watched.removeFirst();
  }

  /** Types the input that is due; returns the tick at which more is due. */
  private long feed() {
    if (typed == workload.input().size()) {
      return Long.MAX_VALUE;
    }
    Workload.Typed next = workload.input().get(typed);
    long due = nextDue(nextCharacter);
    if (now() < due) {
      return due;
    }
    Pl011 uart = machine.board().uart(0);
    if (uart.canReceive()) {
      uart.receive(next.character());
      typed++;
    }
    nextCharacter = now() + workload.pace();
    return nextCharacter;
  }

  /** Runs to a tick or to a breakpoint; null at the end of the guest. */
  public Stop go(long untilTick) {
    try {
      machine.executor().passBreakpoint();
      return machine.run(untilTick);
    } catch (GuestExit e) {
      status = e.status();
      return null;
    }
  }

  /** Runs up to a tick, before which no input is due. */
  private void step(long untilTick) {
    try {
      Stop stop = machine.run(untilTick);
      dead = stop == Stop.DEAD;
      if (stop == Stop.BREAKPOINT && marks != null) {
        Cpu cpu = machine.cpu();
        marks.add(new Mark(cpu.register(0), cpu.register(2), now()));
        machine.executor().passBreakpoint();
      } else if (stop == Stop.BREAKPOINT) {
        Cpu cpu = machine.cpu();
        watched.add(
            Happening.of(
                view(), cpu.register(0), cpu.register(1), cpu.register(2), cpu.register(3), now()));
        machine.executor().passBreakpoint();
      }
    } catch (GuestExit e) {
      status = e.status();
    }
  }

  /** Executes one instruction, or waits for what ends the wait, at most to a tick. */
  void single(long untilTick) {
    long due = Math.min(feed(), aftermath.perform());
    long target = now() + 1;
    Cpu cpu = machine.cpu();
    if (cpu.isWaiting() && !cpu.interruptRequested()) {
      target = Math.max(target, Math.min(Math.min(due, untilTick), cpu.clock.next()));
    }
    step(target);
  }

  /** Starts or stops recording the kernel's events with their ticks, which makes runs slower. */
  void watch(boolean on) {
    watched = on ? new ArrayList<>() : null;
    machine.cpu().code.setBreakpoint(symbols.require("event").address(), on);
  }

  /** Records the kernel's events with their ticks, from the next restore on. */
  void mark() {
    marks = new ArrayList<>();
    machine.cpu().code.setBreakpoint(symbols.require("event").address(), true);
  }

  /** Returns what was recorded since the last restore. */
  List<Mark> marks() {
    return marks == null ? List.of() : marks;
  }

  /** Returns the events since the watch began. */
  List<Happening> watched() {
    return watched;
  }

  /** Returns what the second machine has printed so far. */
  byte[] peerPrinted() {
    return peerOutput.toByteArray();
  }

  Moment moment() {
    Cpu cpu = machine.cpu();
    return new Moment(
        machine.snapshot(),
        output.size(),
        typed,
        nextCharacter,
        Convergence.core(cpu),
        Convergence.Idle.of(cpu),
        cpu.isWaiting(),
        clients().allWorking(),
        peerOutput.toByteArray(),
        cardReads(),
        cardWrites());
  }

  /** Goes to a moment of the undisturbed run. */
  void restore(Moment moment, byte[] undisturbed) {
    aftermath.forget();
    if (marks != null) {
      marks.clear();
    }
    machine.restore(moment.snapshot());
    machine.executor().passNothing();
    output.reset();
    output.write(undisturbed, 0, moment.printed());
    peerOutput.reset();
    peerOutput.writeBytes(moment.peerPrinted());
    typed = moment.typed();
    nextCharacter = moment.nextCharacter();
    status = null;
    dead = false;
    clients(); // found before the first fault, which may end one
  }

  /** Restores the guest to a moment; output sent and input received since then are not undone. */
  void goBack(Moment moment) {
    machine.restore(moment.snapshot());
    machine.executor().passNothing();
    status = null;
    dead = false;
  }

  /** Returns whether as much was typed as up to a moment, and the rest comes at the same ticks. */
  boolean hasInputOf(Moment moment) {
    return typed == moment.typed()
        && (typed == workload.input().size()
            || nextDue(nextCharacter) == nextDue(moment.nextCharacter()));
  }

  /** Returns the tick at which the next character is due. */
  private long nextDue(long mayBeGiven) {
    return Math.max(workload.input().get(typed).tick(), mayBeGiven);
  }

  /** Returns whether a fault will have a further effect. */
  boolean isPending() {
    return aftermath.isPending();
  }

  @Override
  public void close() {
    machine.close();
    if (peer != null) {
      peer.close();
    }
  }
}
