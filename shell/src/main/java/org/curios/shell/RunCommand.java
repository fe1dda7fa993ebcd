package org.curios.shell;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor;
import org.curios.lab.debug.SourceFiles;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.Tracer;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code curios run}: runs an image as {@code qemu-system-arm -M versatilepb -kernel} does. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Run an ARM image on the VersatilePB: an ELF executable, a U-Boot image or a raw one. UART0 is",
      "standard input and output; on a terminal each key goes to the guest, and Ctrl-A x ends the run.",
      "Through semihosting a program reads standard input (:tt) and its arguments."
    },
    footer = {
      "",
      "Exit status: that of the guest's semihosting SYS_EXIT; 1 standard output cannot be written; 2 bad",
      "usage or image; 3 the guest can never continue, or --strict; 124 --max-ticks is reached; 130 Ctrl-C,",
      "Ctrl-A x, or killed by gdb; 141 the reader of standard output is gone.",
      "",
      "Examples:",
      "  curios run hello.elf",
      "  curios run program.elf --host-dir data -- -v 'two words' < input",
      "  curios run zImage --ram 256M --sd card.img",
      "  curios run zImage --dtb board.dtb --initrd initrd.gz --append 'console=ttyAMA0'",
      "  curios run test.elf --max-ticks 200000000 --stats=json",
      "  curios run test.elf --gdb 1234 &  gdb-multiarch -ex 'target remote :1234'"
    })
final class RunCommand implements Callable<Integer> {
  private static final int OUT_OF_TICKS = 124;
  static final int DEAD = 3;
  static final int INTERRUPTED = 130;
  private static final long MAX_RAM = 256L << 20;

  @Parameters(
      paramLabel = "IMAGE",
      index = "0",
      description = "ELF executable for ARM, U-Boot image, or a raw image (loaded at 0x10000).")
  private Path image;

  @Parameters(
      paramLabel = "ARG",
      index = "1..*",
      arity = "0..*",
      description = {
        "After --: arguments of the program, by semihosting; or the command line of a kernel in a",
        "U-Boot or raw image."
      })
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--ram",
      paramLabel = "SIZE",
      defaultValue = "128M",
      description = "Size of RAM up to 256M; default ${DEFAULT-VALUE}.")
  private String ram;

  @Option(
      names = "--load",
      paramLabel = "ADDR:FILE",
      description = "Load a file at a physical address; may be repeated.")
  private List<String> loads = new ArrayList<>();

  @Option(
      names = "--entry",
      paramLabel = "ADDR",
      description = "Start here; bit 0 set starts in Thumb state.")
  private String entry;

  @Option(
      names = "--host-dir",
      paramLabel = "DIR",
      description =
          "Allow semihosting to open, remove and rename files in this folder and below; without it, none.")
  private Path hostFolder;

  @Option(
      names = "--strict",
      description = {
        "End with status 3 at the first exception for which the guest has no handler, such as a store",
        "to an unmapped address."
      })
  private boolean strict;

  @Option(
      names = "--max-ticks",
      paramLabel = "N",
      description = "Stop after N instructions with status 124.")
  private String maxTicks;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write a line per instruction: tick, PC, bytes, disassembly, registers changed.")
  private Path trace;

  @Option(
      names = "--stats",
      description = {
        "Report ticks, speed and compilation on standard error.",
        "--stats=json reports them as one JSON object."
      })
  private boolean stats;

  @Option(names = Main.STATS_FORMAT, hidden = true)
  private String statsFormat;

  @Option(names = "--no-jit", description = "Interpret only.")
  private boolean noJit;

  @Option(
      names = "--gdb",
      paramLabel = "PORT",
      description = {
        "Wait at the first instruction for gdb on this port of the loopback address; 0 takes any free",
        "one and prints it."
      })
  private String gdb;

  @Option(
      names = "--screen",
      paramLabel = "FILE",
      description = "Write the contents of the screen at the end, as a PNG picture.")
  private Path screen;

  @Mixin private CardOption card;

  @Mixin private BootOptions boot;

  @Mixin private ToolOptions tools;

  @Spec private CommandSpec spec;

  /** Makes a terminal give whole lines; null if there is none. */
  private Runnable onProgramRead;

  @Override
  public Integer call() {
    List<String> words = spec.commandLine().getParseResult().originalArgs();
    int before = words.size() - arguments.size() - 1;
    if (!arguments.isEmpty() && !words.get(before).equals("--")) {
      throw new ParameterException(
          spec.commandLine(),
          arguments.getFirst() + ": put arguments of the guest after --: curios run IMAGE -- ARG");
    }
    try {
      return runImage();
    } catch (ImageException e) {
      System.err.println("curios: " + e.getMessage());
      return Main.USAGE;
    }
  }

  private int runImage() throws ImageException {
    if (statsFormat != null && !statsFormat.equals("json")) {
      throw new ImageException(
          "--stats=" + statsFormat + ": no such format; use --stats or --stats=json");
    }
    long limit = maxTicks == null ? VirtualClock.NEVER : number("--max-ticks", maxTicks);
    int ramSize = size("--ram", ram);
    byte[] bytes = Image.readBytes(image);
    byte[] symbols = boot.symbols();
    Image loaded = boot.named(Image.parse(image.toString(), bytes), symbols);
    GdbRun debugged = gdb == null ? null : new GdbRun();
    AtomicReference<Machine> running = new AtomicReference<>();
    if (tools.any() && (trace != null || gdb != null)) {
      throw new ImageException(
          (trace != null ? "--trace" : "--gdb")
              + ": cannot be combined with debuggers and profilers; choose one");
    }
    Runnable quit =
        () -> {
          if (debugged == null) {
            running.get().executor().interrupt();
          } else {
            debugged.quit();
          }
        };
    PrintStream console = System.out;
    try (ConsoleFlusher flusher = new ConsoleFlusher(console);
        GuestTerminal terminal = GuestTerminal.open(flusher::printed, quit)) {
      onProgramRead = terminal == null ? null : terminal::giveLines;
      InputStream input = terminal != null ? terminal : new FileInputStream(FileDescriptor.in);
      if (debugged != null) {
        byte[] elf = symbols != null ? symbols : loaded.raw() ? null : bytes;
        return debug(debugged, loaded, elf, ramSize, flusher, input);
      }
      try (Machine machine = make(loaded, ramSize, flusher.stream(), input)) {
        running.set(machine);
        return execute(machine, limit, flusher);
      }
    } catch (IOException e) {
      throw new ImageException("the terminal cannot be used (" + e.getMessage() + ")");
    } finally {
      tools.close();
    }
  }

  private Machine make(Image loaded, int ramSize, PrintStream console, InputStream input)
      throws ImageException {
    MachineBuilder builder = new MachineBuilder();
    tools.apply(builder, SourceFiles.of(image), true);
    boot.apply(builder);
    Machine machine =
        builder
            .ram(ramSize)
            .card(card.open(null))
            .jit(!noJit && trace == null)
            .console(console)
            .errors(System.err)
            .input(input)
            .onProgramRead(onProgramRead)
            .hostFolder(hostFolder)
            .arguments(arguments)
            .warnings(line -> System.err.println("curios: " + line), strict)
            .build();
    try {
      machine.load(loaded, boot.files());
      for (String load : loads) {
        load(machine, load);
      }
      if (entry != null) {
        machine.cpu().pc = address("--entry", entry);
      }
    } catch (ImageException e) {
      machine.close();
      throw e;
    }
    return machine;
  }

  private int debug(
      GdbRun run, Image loaded, byte[] elf, int ramSize, ConsoleFlusher flusher, InputStream input)
      throws ImageException {
    if (trace != null || maxTicks != null) {
      throw new ImageException(
          "--gdb and " + (trace != null ? "--trace" : "--max-ticks") + " do not go together");
    }
    long start = System.nanoTime();
    return run.run(
        (console, in) -> make(loaded, ramSize, console, in),
        loaded,
        elf,
        (int) number("--gdb", gdb),
        flusher,
        input,
        machine -> {
          if (stats || statsFormat != null) {
            double seconds = (System.nanoTime() - start) / 1e9;
            Statistics.print(System.err, machine, seconds, statsFormat != null);
          }
        });
  }

  private int execute(Machine machine, long limit, ConsoleFlusher flusher) throws ImageException {
    Thread hook =
        new Thread(() -> {
          machine.executor().interrupt();
          flusher.flush();
        });
    Runtime.getRuntime().addShutdownHook(hook);
    long start = System.nanoTime();
    int status;
    try {
      status = status(machine, trace == null ? machine.run(limit) : traced(machine, limit));
    } catch (GuestExit e) {
      status = e.status();
    }
    flusher.flush();
    if (screen != null) {
      Screenshot.write(machine, screen);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (stats || statsFormat != null) {
      Statistics.print(System.err, machine, seconds, statsFormat != null);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return INTERRUPTED; // the process is ending already
    }
    return status;
  }

  private static int status(Machine machine, Executor.Stop stop) {
    switch (stop) {
      case TICKS -> {
        return OUT_OF_TICKS;
      }
      case INTERRUPTED -> {
        return INTERRUPTED;
      }
      case BREAKPOINT, WATCHPOINT -> throw new IllegalStateException("unexpected stop: " + stop);
      case IDLE -> {
        System.err.println("curios: the guest waits for an interrupt that can never come");
        return DEAD;
      }
      case DEAD -> {
        System.err.println("curios: the guest is dead: it is in an endless loop of exceptions");
        System.err.print(Statistics.registers(machine.cpu()));
        return DEAD;
      }
    }
    throw new IllegalStateException(stop.toString());
  }

  private Executor.Stop traced(Machine machine, long limit) throws ImageException {
    try (Tracer tracer = new Tracer(machine, Files.newBufferedWriter(trace))) {
      return tracer.run(limit);
    } catch (NoSuchFileException e) {
      throw new ImageException(trace + ": cannot be written; make its folder first");
    } catch (IOException e) {
      throw new ImageException(trace + ": the trace cannot be written (" + e.getMessage() + ")");
    }
  }

  static void load(Machine machine, String load) throws ImageException {
    int colon = load.indexOf(':');
    if (colon < 0) {
      throw new ImageException(
          "--load " + load + ": give ADDR:FILE, as in --load 0x100000:data.bin");
    }
    int address = address("--load", load.substring(0, colon));
    Path file = Path.of(load.substring(colon + 1));
    machine.load(file.toString(), address, Image.readBytes(file));
  }

  private static int address(String option, String text) throws ImageException {
    long value = number(option, text);
    if (value >>> 32 != 0) {
      throw new ImageException(
          option + " " + text + ": give an address of 32 bits, such as 0x10000");
    }
    return (int) value;
  }

  static int size(String option, String text) throws ImageException {
    int shift = 0;
    String digits = text;
    if (!text.isEmpty()) {
      shift =
          switch (Character.toUpperCase(text.charAt(text.length() - 1))) {
            case 'K' -> 10;
            case 'M' -> 20;
            case 'G' -> 30;
            default -> 0;
          };
      digits = shift == 0 ? text : text.substring(0, text.length() - 1);
    }
    long value = digits.isEmpty() ? 0 : number(option, digits);
    if (value > MAX_RAM >> shift) {
      throw new ImageException(
          option
              + " "
              + text
              + ": the board has room for 256M, because its devices begin at 0x10000000; give 1K to 256M");
    }
    if (value <= 0 || (value << shift) % 1024 != 0) {
      throw new ImageException(
          option + " " + text + ": give a size from 1K to 256M in steps of 1K, such as 128M");
    }
    return (int) (value << shift);
  }

  static long number(String option, String text) throws ImageException {
    try {
      long value = Long.decode(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ImageException(option + " " + text + ": give a number such as 65536 or 0x10000");
  }
}
