package org.curios.machine;

import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.GuestCode;
import org.curios.arm.language.GuestMachine;
import org.curios.arm.run.Executor;
import org.curios.machine.snapshot.Snapshot;

/** A machine in the polyglot context of a program of the host. */
final class EmbeddedMachine implements GuestMachine {
  private final Machine machine;
  private final GuestCode code;
  private final EmbeddedConsole console;

  EmbeddedMachine(Machine machine, GuestCode code, EmbeddedConsole console) {
    this.machine = machine;
    this.code = code;
    this.console = console;
  }

  @Override
  public Cpu cpu() {
    return machine.cpu();
  }

  @Override
  public Bus bus() {
    return machine.bus();
  }

  @Override
  public Executor executor() {
    return machine.executor();
  }

  @Override
  public GuestCode code() {
    return code;
  }

  @Override
  public Object snapshot() {
    return machine.snapshot();
  }

  @Override
  public long tick(Object snapshot) {
    return ((Snapshot) snapshot).tick();
  }

  @Override
  public void restore(Object snapshot) {
    machine.restore((Snapshot) snapshot);
    machine.forgetFuture();
  }

  @Override
  public void type(byte[] characters) {
    machine.type(characters);
  }

  @Override
  public String output() {
    return console.text();
  }

  @Override
  public void close() {
    machine.close();
  }
}
