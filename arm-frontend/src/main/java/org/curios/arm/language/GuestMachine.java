package org.curios.arm.language;

import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.arm.run.Executor;

/** A board with an image loaded, as the language passes it to programs of the host. */
public interface GuestMachine extends AutoCloseable {
  /** Returns the processor. */
  Cpu cpu();

  /** Returns the physical address space. */
  Bus bus();

  /** Returns what runs the processor. */
  Executor executor();

  /** Returns what is known of the image. */
  GuestCode code();

  /** Takes a snapshot of the whole machine. */
  Object snapshot();

  /** Returns the tick of a snapshot. */
  long tick(Object snapshot);

  /** Puts the machine back to a snapshot that {@link #snapshot} gave. */
  void restore(Object snapshot);

  /** Types characters on UART0, one after the other at its speed. */
  void type(byte[] characters);

  /** Returns the guest's output, as far as it is stored. */
  String output();

  @Override
  void close();
}
