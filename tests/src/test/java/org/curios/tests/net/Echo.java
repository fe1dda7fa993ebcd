package org.curios.tests.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.curios.arm.bus.GuestExit;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/** A machine with a program of {@code kernel/programs/ethernet}. */
final class Echo implements AutoCloseable {
  static final long MOST_TICKS = 2_000_000_000L;

  /** What the asking side prints at its end on a good wire. */
  static final String GOOD =
      "60 61 62 63 75 128 333 1000 1513 1514 ".repeat(3) + "\nsent again: 0\n";

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  final Machine machine;
  private boolean ended;

  Echo(String program, MachineBuilder builder) throws ImageException {
    machine = builder.jit(false).console(new PrintStream(output, false)).build();
    machine.load(Image.parse(program, Images.elf("ethernet/" + program)));
  }

  Echo(MachineBuilder builder) throws ImageException {
    this("echo", builder);
  }

  /** Runs to the end of the guest; returns what it has printed. */
  String run() {
    return run(MOST_TICKS);
  }

  /** Runs to the end of the guest, or to a tick; returns what it has printed. */
  String run(long tick) {
    try {
      machine.run(tick);
    } catch (GuestExit e) {
      assertEquals(0, e.status());
      ended = true;
    }
    return text();
  }

  boolean hasEnded() {
    return ended;
  }

  String text() {
    return output.toString(US_ASCII);
  }

  long now() {
    return machine.cpu().now();
  }

  @Override
  public void close() {
    machine.close();
  }
}
