package org.curios.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.Stateful;
import org.curios.arm.core.Cpu;
import org.curios.machine.card.SdCard;
import org.curios.machine.snapshot.Snapshot;

/**
 * The reset of the board: processor and devices restart, and what was loaded is loaded again; the
 * rest of RAM, cards, flash and what has a battery stay, and time continues.
 */
final class BoardReset {
  private final VersatilePb board;
  private final Cpu cpu;
  private final SdCard card;
  private final MachineState state;
  private final List<Stateful> restarted;
  private final List<Stateful> lasting;

  /** The machine before its first instruction; null until it has started to run. */
  private Snapshot powerOn;

  private boolean requested;

  /**
   * Makes the reset of a board.
   *
   * @param card the card in the slot; null for none
   * @param restarted the parts of the state that a reset of the board restarts, which come first
   */
  BoardReset(
      VersatilePb board, Cpu cpu, SdCard card, MachineState state, List<Stateful> restarted) {
    this.board = board;
    this.cpu = cpu;
    this.card = card;
    this.state = state;
    this.restarted = List.copyOf(restarted);
    lasting = card == null ? List.of(board.lasting()) : List.of(board.lasting(), card.slot());
  }

  /** Ends the run for a reset. */
  void request() {
    requested = true;
    cpu.requestExit(new GuestExit(0));
  }

  /** Drops a request, since the machine is restored to another moment. */
  void forget() {
    requested = false;
  }

  /** Returns whether the run has ended for a reset. */
  boolean isRequested() {
    return requested;
  }

  /** Records the state to which a reset returns, if the machine has not run yet. */
  void notePowerOn() {
    if (powerOn == null) {
      powerOn = state.take();
    }
  }

  /** Restarts the board. */
  void restart() {
    requested = false;
    powerOn.granules().forEach(this::putBack);
    StateOutput kept = new StateOutput(0);
    int flags = board.system().nvFlags();
    long now = cpu.now();
    try {
      for (Stateful part : lasting) {
        part.save(kept);
      }
      StateInput in = new StateInput(powerOn.state());
      for (Stateful part : restarted) {
        part.restore(in);
      }
      in = new StateInput(kept.toByteArray());
      for (Stateful part : lasting) {
        part.restore(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    board.system().keepNvFlags(flags);
    board.flash().reset();
    if (card != null) {
      card.flush();
    }
    cpu.setNow(now);
  }

  private void putBack(int granule, byte[] bytes) {
    cpu.bus.markDirty(granule * Bus.GRANULE);
    cpu.putGranule(granule, bytes);
  }
}
