package org.curios.tests.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor.Stop;
import org.curios.kernel.Images;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks that need control of the machine: crashes between two certain instructions of a service,
 * hundreds of times, and damage that no client can do.
 */
class FromOutsideTest {
  private static final long MS = 200_000;
  private static final long LIMIT = 500 * MS;
  private static final int NOWHERE = 0x10;
  private static final int MAX_STEPS = 100_000;
  private static final int SVC = 0x0f000000;
  private static final int LOOKUP = -22;
  private static final int DEVICE_READ = -26;

  /**
   * Offset of the PL011's interrupt mask, in which the bit is set that means an empty FIFO in its
   * flags.
   */
  private static final int INTERRUPT_MASK = 0x38;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private Machine machine;
  private Symbols symbols;
  private Guest guest;
  private Integer status;

  private void boot(String policy, String run) throws ImageException {
    Image image = Image.parse("curios", Images.curios("policy=" + policy + " run=" + run));
    machine =
        new MachineBuilder()
            .jit(false)
            .console(new PrintStream(output, false, StandardCharsets.US_ASCII))
            .build();
    machine.load(image);
    symbols = new Symbols(image);
    guest = new Guest(symbols);
    run(20 * MS);
  }

  @AfterEach
  void close() {
    if (machine != null) {
      machine.close();
    }
  }

  private Guest.View view() {
    return guest.at(machine);
  }

  private String text() {
    return output.toString(StandardCharsets.US_ASCII);
  }

  private Stop run(long ticks) {
    try {
      machine.executor().passBreakpoint();
      return machine.run(machine.cpu().now() + ticks);
    } catch (GuestExit e) {
      status = e.status();
      return null;
    }
  }

  /** Runs in small steps until something holds; fails when it does not come true in time. */
  private void until(String what, BooleanSupplier holds) {
    long end = machine.cpu().now() + LIMIT;
    while (!holds.getAsBoolean()) {
      assertTrue(status == null && machine.cpu().now() < end, () -> "no " + what + "\n" + text());
      run(MS / 5);
    }
  }

  private long of(String object, String field) {
    return view().object(object).struct().get(field);
  }

  private String state(String object) {
    return view().words().name(Kind.OBJECT, of(object, "state"));
  }

  private int region(String object) {
    return view().memory().section(view().object(object));
  }

  /** The number of the region that the processor is in. */
  private int here() {
    return machine.cpu().register(15) >>> 20;
  }

  /** Runs to the entry of a method. */
  private void enter(String service, int method) {
    int entry = view().methods(view().object(service)).get(method);
    machine.cpu().code.setBreakpoint(entry, true);
    Stop stop = run(LIMIT);
    machine.cpu().code.setBreakpoint(entry, false);
    assertEquals(Stop.BREAKPOINT, stop, () -> service + " is not called\n" + text());
  }

  /** Steps on within an object until it makes a system call; the call has not been made then. */
  private void stepToCall(String object, int number) {
    int region = region(object);
    for (int i = 0; i < MAX_STEPS; i++) {
      if (here() == region
          && machine.cpu().register(12) == number
          && (word(object, machine.cpu().register(15)) & SVC) == SVC) {
        return;
      }
      run(1);
    }
    throw new AssertionError(object + " makes no system call " + number);
  }

  /** Steps at least once, until the code of an object runs. */
  private void stepInto(String object) {
    int region = region(object);
    int steps = 0;
    do {
      run(1);
      assertTrue(++steps < MAX_STEPS, () -> object + " does not run");
    } while (here() != region);
  }

  /** Steps over the next system call of an object; false when it returns to its caller before. */
  private boolean passCall(String object, String caller) {
    int region = region(object);
    int back = region(caller);
    for (int i = 0; i < MAX_STEPS; i++) {
      if (here() == region && (word(object, machine.cpu().register(15)) & SVC) == SVC) {
        stepInto(object);
        return true;
      }
      if (here() == back) {
        return false;
      }
      run(1);
    }
    throw new AssertionError(object + " neither calls nor returns");
  }

  private int word(String object, int address) {
    return machine.bus().read(view().memory().physical(view().object(object), address), 4);
  }

  /** The thread that runs goes astray; waits until its object has recovered. */
  private void crash(String object) {
    long before = of(object, "restarts");
    machine.cpu().setRegister(15, NOWHERE);
    until(
        "recovery of " + object,
        () -> of(object, "restarts") > before && !state(object).equals("recovering"));
    assertEquals("active", state(object), this::text);
  }

  private void type(char c) {
    until("room in the UART", () -> machine.board().uart(0).canReceive());
    machine.board().uart(0).receive(c);
  }

  private void othersWork() {
    long calls = of("counter", "calls");
    until("further call of counter", () -> of("counter", "calls") > calls + 5);
    assertEquals("", text().lines().filter(l -> l.startsWith("steady")).findAny().orElse(""));
  }

  /** What could leak; the heap of a client grows with its records. */
  private String possessions(String object) {
    Guest.View v = view();
    Guest.Obj o = v.object(object);
    long frames = o.struct().get("frames") - o.struct().get("heap_bytes") / 4096;
    return v.handles(o).size()
        + (" handles, " + v.states().ownedBy(o).size() + " sessions, ")
        + (frames + " frames, " + o.struct().get("quota_used") + " bytes of quota, ")
        + (v.threads().size() + " threads");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssr", "ssr-packed"}) // ssr-twice runs it again, and restarts nothing
  void namesLeaksNothingAroundItsSystemCall(String policy) throws Exception {
    boot(policy, "steady0,steady1");
    String first = null;
    String ofClient = null;
    for (int i = 0; i < 300; i++) {
      enter("names", 0);
      stepToCall("names", LOOKUP);
      if (i % 2 == 0) {
        stepInto("names"); // the client has its handle
      }
      crash("names");
      run(5 * MS);
      if (i == 20) {
        first = possessions("names");
        ofClient = possessions("steady0");
      }
    }
    othersWork();
    assertEquals(first, possessions("names"));
    assertEquals(ofClient, possessions("steady0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssr", "ssr-packed"}) // ssr-twice runs it again, and restarts nothing
  void uartirqLeaksNothingAndLosesNoInput(String policy) throws Exception {
    boot(policy, "shell,steady0");
    String first = null;
    for (int i = 0; i < 40; i++) {
      type('x');
      enter("console", 2);
      stepInto("uartirq");
      crash("uartirq");
      run(8 * MS);
      if (i == 3) {
        first = possessions("uartirq");
      }
    }
    until("echo", () -> text().contains("x".repeat(40)));
    assertEquals(first, possessions("uartirq"));
    othersWork();
  }

  /**
   * A key comes while the console hangs after any of its system calls between a key and its echo.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"ssr-packed", "ssr-twice"}) // ssr keeps a change that the fault interrupts
  void keysThatComeWhileTheConsoleHangsAreNotLost(String policy) throws Exception {
    boot(policy, "shell,steady0");
    int hang = symbols.require("crash_hang").address();
    int calls = 0;
    for (boolean inside = true; inside; calls++) {
      run(MS); // else the request that has shown the last key may take the next one, too
      int before = output.size();
      type('x');
      enter("console", 2);
      for (int i = 0; i < calls && inside; i++) {
        inside = passCall("console", "uartirq");
      }
      if (inside) {
        machine.cpu().setRegister(15, hang);
        run(MS);
      }
      char last = calls % 5 == 0 ? '\n' : 'y';
      type(last);
      until("echo, call " + calls, () -> text().substring(before).contains("x" + last));
    }
    assertTrue(calls > 5, () -> "calls of the method");
    othersWork();
  }

  /** Runs to the console's first read of its flags after a key was typed. */
  private void enterReadOfRegister() {
    type('x');
    enter("console", 2);
    stepToCall("console", DEVICE_READ);
    while ((machine.cpu().register(1) & 0xfff) == INTERRUPT_MASK) {
      run(1);
      stepToCall("console", DEVICE_READ);
    }
  }

  /** The driver reads a register with an effect as if the read could be repeated. */
  @ParameterizedTest
  @ValueSource(strings = {"ssr", "ssr-packed", "ssr-twice"})
  void readThatCountsOnceIsNotDoneAsAnother(String policy) throws Exception {
    boot(policy, "shell,steady0");
    enterReadOfRegister();
    while (machine.cpu().register(1) >= 0) {
      run(1);
      stepToCall("console", DEVICE_READ);
    }
    machine.cpu().setRegister(1, machine.cpu().register(1) & Integer.MAX_VALUE);
    until("echo", () -> text().endsWith("x"));
    othersWork();
  }

  /**
   * The first run asks the device for a register that says "empty" where the right one does not.
   */
  @Test
  void runIsNotGivenWhatAnotherAskedFor() throws Exception {
    boot("ssr-twice", "shell,steady0");
    enterReadOfRegister();
    int flags = machine.cpu().register(1);
    machine.cpu().setRegister(1, flags & ~0xfff | INTERRUPT_MASK);
    long before = view().eventCount();
    until("echo", () -> text().endsWith("x"));
    assertEquals(0, of("console", "restarts"));
    assertTrue(
        view().eventsSince(before).stream()
            .anyMatch(e -> view().words().name(Kind.EVENT, e.get("kind")).equals("disagreed")));
    othersWork();
  }

  @Test
  void keyAfterTheConsoleHasBeenGivenUpHarmsNobody() throws Exception {
    boot("none", "steady0,steady1");
    Guest.View v = view();
    v.crashes().arm(v.object("console"), 1);
    type('a');
    until("end of console", () -> state("console").equals("failed"));
    othersWork();
    run(50 * MS);
    othersWork();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssr", "ssr-packed", "ssr-twice"})
  void keyAfterTheInputHasBeenQuarantinedHarmsNobody(String policy) throws Exception {
    boot(policy, "shell,steady0,steady1");
    type('a');
    until("echo", () -> text().endsWith("a"));
    Guest.View v = view();
    Guest.Struct input =
        v.states().of(v.object("console")).stream()
            .filter(s -> v.nameOf((int) s.get("owner")).equals("uartirq"))
            .findFirst()
            .orElseThrow();
    input.set("mode", v.words().number(Kind.MODE, "quarantined"));
    for (char c : "bcd".toCharArray()) {
      type(c);
    }
    until("echo", () -> text().endsWith("d"));
    othersWork();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssr", "ssr-packed", "ssr-twice"})
  void objectsOwnThreadThatHangsIsFound(String policy) throws Exception {
    boot(policy, "steady0,steady1");
    Guest.View v = view();
    Guest.Struct thread = v.threadOfObject((int) of("sched", "id"));
    v.activations(thread).get(0).set("pc", symbols.require("crash_hang").address());
    until("restart of sched", () -> of("sched", "restarts") > 0);
    othersWork();
  }

  @Test
  void policyThatIsNotThereYetIsRefused() throws Exception {
    boot("snapshot", "steady0");
    assertEquals(2, status);
    assertTrue(text().contains("no such policy: snapshot"), this::text);
  }
}
