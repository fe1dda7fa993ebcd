package org.curios.tests.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.function.UnaryOperator;
import org.curios.arm.bus.GuestExit;
import org.curios.kernel.Images;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;

/** A machine with CuriOS at one end of a cable. */
final class Side implements AutoCloseable {
  private static final long STEP = 2_000_000;

  /** The line of the Ethernet controller at the primary interrupt controller. */
  private static final int ETHERNET = 25;

  /** Ticks by which everything must have come to its end: five virtual minutes. */
  private static final long PATIENCE = 60_000_000_000L;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Machine machine;
  private final Guest guest;
  private boolean ended;

  Side(String arguments, UnaryOperator<MachineBuilder> plug) throws Exception {
    Image image = Image.parse("curios", Images.curios("policy=ssr-packed " + arguments));
    machine =
        plug.apply(new MachineBuilder().jit(false).console(new PrintStream(output, true))).build();
    machine.load(image);
    guest = new Guest(new Symbols(image));
  }

  String text() {
    return output.toString(US_ASCII);
  }

  long now() {
    return machine.cpu().now();
  }

  View view() {
    return guest.at(machine);
  }

  /** Runs until the guest has printed something, for some virtual minutes at most. */
  void runUntil(String printed) {
    while (!text().contains(printed)) {
      assertTrue(!ended && now() < PATIENCE, () -> "no \"" + printed + "\" in: " + text());
      run(STEP);
    }
  }

  /** Runs on; when its clients have all ended, the guest has. */
  void run(long ticks) {
    try {
      machine.run(now() + ticks);
    } catch (GuestExit e) {
      ended = true;
    }
  }

  /**
   * Runs on as {@link #runUntil} does; the Ethernet controller's interrupts get lost again and
   * again.
   */
  void runUntilWithoutInterrupts(String printed, Side other) {
    while (!text().contains(printed)) {
      assertTrue(!ended && now() < PATIENCE, () -> "no \"" + printed + "\" in: " + text());
      machine.board().interrupts().lose(ETHERNET);
      other.machine.board().interrupts().lose(ETHERNET);
      run(4 * STEP);
    }
  }

  /** Returns how often a service has restarted. */
  long restarts(String service) {
    return view().object(service).struct().get("restarts");
  }

  /** Returns the memory of a service, in frames. */
  long frames(String service) {
    return view().object(service).struct().get("frames");
  }

  @Override
  public void close() {
    machine.close();
  }
}
