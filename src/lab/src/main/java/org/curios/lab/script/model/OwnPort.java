package org.curios.lab.script.model;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor.Stop;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.device.Pl011;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * A machine that belongs to a script: it runs on the script's thread, and depends only on what the
 * script does.
 */
final class OwnPort implements Port {
  /** Ticks for a character of ten bits at 115200 baud. */
  private static final long CHARACTER = VirtualClock.HZ * 10 / 115200;

  private final Workbench workbench;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Machine machine;
  private final Deque<Integer> typed = new ArrayDeque<>();
  private long nextCharacter;
  private final Saved fresh;

  OwnPort(Workbench workbench, boolean jit, DiskBase card) throws ImageException {
    this.workbench = workbench;
    machine =
        new MachineBuilder()
            .jit(jit)
            .card(card == null ? null : new Disk(card))
            .console(new PrintStream(printed, false, StandardCharsets.ISO_8859_1))
            .build();
    fresh = save();
  }

  /** Loads an image into a machine as it is when it is new. */
  void load(Image image) throws ImageException {
    restore(fresh);
    machine.load(image);
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public Stop run(long untilTick) {
    while (!typed.isEmpty()) {
      long now = machine.cpu().now();
      Pl011 uart = machine.board().uart(0);
      if (now >= nextCharacter) {
        if (uart.canReceive()) {
          uart.receive(typed.removeFirst());
        }
        nextCharacter = now + CHARACTER;
      }
      Stop stop = machine.run(Math.min(untilTick, nextCharacter));
      if (stop != Stop.TICKS || machine.cpu().now() >= untilTick) {
        return stop;
      }
    }
    return machine.run(untilTick);
  }

  @Override
  public Saved save() {
    return new Saved(this, machine.snapshot(), text(), List.copyOf(typed), nextCharacter);
  }

  @Override
  public void restore(Saved saved) {
    machine.restore(saved.snapshot());
    printed.reset();
    printed.writeBytes(saved.text().getBytes(StandardCharsets.ISO_8859_1));
    typed.clear();
    typed.addAll(saved.typed());
    nextCharacter = saved.nextCharacter();
  }

  @Override
  public String text() {
    return printed.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void type(String characters) {
    for (byte b : characters.getBytes(StandardCharsets.UTF_8)) {
      typed.add(b & 0xff);
    }
  }

  @Override
  public void ended(GuestExit exit) {
    // internal
  }

  @Override
  public void release() {
    workbench.putBack(this);
  }
}
