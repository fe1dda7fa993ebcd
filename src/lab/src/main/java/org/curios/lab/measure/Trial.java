package org.curios.lab.measure;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.run.Executor.Stop;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.guest.Guest;
import org.curios.lab.program.Symbols;
import org.curios.lab.trial.Transcripts;
import org.curios.machine.Machine;
import org.curios.machine.card.Disk;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/** A machine that has booted CuriOS with certain arguments, for one experiment. */
final class Trial implements AutoCloseable {
  private static final long BOOT_STEP = 10_000;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Machine machine;
  private final Symbols symbols;
  private final Guest guest;
  private Integer status;

  Trial(String arguments) {
    this("curios", arguments);
  }

  /** Boots one of the images of CuriOS. */
  Trial(String name, String arguments) {
    this(name, arguments, null);
  }

  /** Boots one of the images of CuriOS with a card; null for none. */
  Trial(String name, String arguments, Disk card) {
    try {
      Image image = Image.parse(name, Images.withArguments(name, arguments));
      machine =
          new Machine.Builder()
              .jit(false)
              .card(card)
              .console(new PrintStream(output, false, StandardCharsets.ISO_8859_1))
              .build();
      machine.load(image);
      symbols = new Symbols(image);
      guest = new Guest(symbols);
    } catch (ImageException e) {
      throw new LabException(e.getMessage());
    }
  }

  Machine machine() {
    return machine;
  }

  Guest.View view() {
    return guest.at(machine);
  }

  int symbol(String name) {
    Image.Symbol s = symbols.find(name);
    if (s == null) {
      throw new LabException("the image has no symbol " + name);
    }
    return s.address();
  }

  /** Runs to a tick, a breakpoint or the end; null at the end. */
  Stop run(long untilTick) {
    try {
      machine.executor().passBreakpoint();
      return machine.run(untilTick);
    } catch (GuestExit e) {
      status = e.status();
      return null;
    }
  }

  /** Runs until the kernel has made all objects. */
  void boot() {
    while (status == null && view().eventCount() == 0) {
      run(machine.cpu().now() + BOOT_STEP);
    }
  }

  /** Returns the exit status; null while the guest has not ended. */
  Integer status() {
    return status;
  }

  /**
   * Returns the lines of each client, by the name that they begin with; the kernel's are left out.
   */
  Map<String, List<String>> transcripts() {
    return Transcripts.byClient(output.toString(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    machine.close();
  }
}
