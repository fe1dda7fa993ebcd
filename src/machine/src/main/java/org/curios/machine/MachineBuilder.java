package org.curios.machine;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.curios.arm.language.ArmLanguage;
import org.curios.machine.card.Disk;
import org.curios.machine.image.ImageException;
import org.curios.machine.image.SourceLookup;
import org.curios.machine.net.Cable;
import org.curios.machine.net.FarEnd;
import org.curios.machine.net.Impairments;
import org.curios.machine.net.Switch;

/** How a machine is made. */
public final class MachineBuilder {
  int ramSize = 128 << 20;
  Path sd;
  Disk disk;
  Path flash;
  boolean reboots = true;
  Consumer<String> elsewhere;
  boolean jit = true;
  boolean compileImmediately;
  boolean translateImmediately;
  boolean byteCode;
  boolean translates;
  boolean warms = true;
  PrintStream console = System.out;
  InputStream input;
  Runnable onProgramRead;
  PrintStream errors;
  Path hostFolder;
  List<String> arguments = List.of();
  Consumer<String> warnings;
  boolean strict;
  ArmLanguage embeddedIn;
  boolean instrumented;
  Cable cable;
  Switch lan;
  FarEnd farEnd;
  byte[] mac;
  Impairments impairments = Impairments.NONE;
  Path capture;
  OutputStream toolMessages = System.err;
  SourceLookup sources = SourceLookup.NONE;
  final Map<String, String> options = new LinkedHashMap<>();

  /** Sets the size of RAM in bytes, up to 256 MiB: the devices begin above it. */
  public MachineBuilder ram(int bytes) {
    ramSize = bytes;
    return this;
  }

  /** Inserts a card with an image file, to which the guest's writes go; null for no card. */
  public MachineBuilder sd(Path file) {
    sd = file;
    return this;
  }

  /** Inserts a card, null for none; the machine closes it. */
  public MachineBuilder card(Disk content) {
    disk = content;
    return this;
  }

  /**
   * Sets the file of the flash memory; without one, the flash is erased and its contents are not
   * saved.
   */
  public MachineBuilder flash(Path file) {
    flash = file;
    return this;
  }

  /** Chooses whether a reset restarts the board; if not, it ends the run. */
  public MachineBuilder reboots(boolean startsAnew) {
    reboots = startsAnew;
    return this;
  }

  /**
   * Makes accesses to unused physical addresses read as 0 and ignore writes, as on QEMU, instead of
   * aborting.
   *
   * @param log receives a line for each address
   */
  public MachineBuilder lenient(Consumer<String> log) {
    elsewhere = log;
    return this;
  }

  /** Chooses whether hot code is compiled; otherwise all code is interpreted. */
  public MachineBuilder jit(boolean compiles) {
    jit = compiles;
    return this;
  }

  /** Chooses whether code is compiled at once and in the foreground, for tests of compiled code. */
  public MachineBuilder compileImmediately(boolean immediately) {
    compileImmediately = immediately;
    return this;
  }

  /** Chooses whether there is a warm tier; turned off for tests of regions. */
  public MachineBuilder warms(boolean isTranslated) {
    warms = isTranslated;
    return this;
  }

  /**
   * Chooses whether warm code is translated at once and in the foreground, and nothing else is
   * compiled, for tests of that tier.
   *
   * @param toByteCode whether to byte code, even if the host runs machine code
   */
  public MachineBuilder translateImmediately(boolean immediately, boolean toByteCode) {
    translateImmediately = immediately;
    byteCode = toByteCode;
    return this;
  }

  /**
   * Chooses whether warm code is translated in the background, and nothing else is compiled: for
   * many short runs of the same code.
   */
  public MachineBuilder translates(boolean inBackground) {
    translates = inBackground;
    jit = jit && !inBackground;
    return this;
  }

  /** Sets where UART0 and semihosting write to. */
  public MachineBuilder console(PrintStream stream) {
    console = stream;
    return this;
  }

  /**
   * Sets where UART0 and semihosting read from; nothing by default. Reading several bytes must
   * return those that are available.
   */
  public MachineBuilder input(InputStream stream) {
    input = stream;
    return this;
  }

  /**
   * Sets the callback before each read of the input by semihosting: from then on a terminal
   * delivers whole lines.
   */
  public MachineBuilder onProgramRead(Runnable action) {
    onProgramRead = action;
    return this;
  }

  /** Sets where the standard error of semihosting goes to; to the console by default. */
  public MachineBuilder errors(PrintStream stream) {
    errors = stream;
    return this;
  }

  /** Lets semihosting open the files of a folder, and those below; none by default. */
  public MachineBuilder hostFolder(Path folder) {
    hostFolder = folder;
    return this;
  }

  /**
   * Sets the arguments of the program, which follow its name on the command line that semihosting
   * returns, or the command line of a kernel.
   */
  public MachineBuilder arguments(List<String> words) {
    arguments = List.copyOf(words);
    return this;
  }

  /**
   * Sets the listener that is called, once, at an exception for which the guest has no handler.
   *
   * @param strict whether the run ends there with status 3
   */
  public MachineBuilder warnings(Consumer<String> line, boolean strict) {
    warnings = line;
    this.strict = strict;
    return this;
  }

  /**
   * Chooses whether the guest runs in the form that debuggers and profilers of Truffle can
   * instrument: slower, with the same results.
   */
  public MachineBuilder instrumented(boolean forTools) {
    instrumented = forTools;
    return this;
  }

  /** Sets where tools write to. */
  public MachineBuilder toolMessages(OutputStream stream) {
    toolMessages = stream;
    return this;
  }

  /** Sets where tools find the text that an image was compiled from. */
  public MachineBuilder sources(SourceLookup lookup) {
    sources = lookup;
    return this;
  }

  /** Connects the cable of the Ethernet controller to the described far end; null for none. */
  public MachineBuilder net(Cable description) {
    cable = description;
    return this;
  }

  /** Plugs the cable of the Ethernet controller into a switch. */
  public MachineBuilder net(Switch shared) {
    lan = shared;
    return this;
  }

  /** Connects the other end of the cable; it is closed with the machine. */
  public MachineBuilder net(FarEnd end) {
    farEnd = end;
    return this;
  }

  /** Sets what happens to frames on the cable. */
  public MachineBuilder impairments(Impairments onCable) {
    impairments = onCable;
    return this;
  }

  /**
   * Sets the address of the Ethernet controller, six bytes; by default 52:54:00:12:34:56, counted
   * up for each further machine on a switch.
   */
  public MachineBuilder mac(byte[] address) {
    mac = address.clone();
    return this;
  }

  /** Writes the packets of the cable to a file; null for none. */
  public MachineBuilder capture(Path file) {
    capture = file;
    return this;
  }

  /** Lets the machine run in the entered context of a program of the host. */
  MachineBuilder within(ArmLanguage language) {
    embeddedIn = language;
    return this;
  }

  /** Sets an option of the polyglot engine. */
  public MachineBuilder option(String key, String value) {
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
