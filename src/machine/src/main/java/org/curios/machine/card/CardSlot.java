package org.curios.machine.card;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;

/**
 * The state of a card that a reset of the board does not change: whether it is in its slot, which
 * transfers will fail, and how much of the disk was read and written.
 */
public final class CardSlot implements Stateful {
  private final Disk disk;
  private final CardFaults faults = new CardFaults();
  private boolean inserted = true;

  /** Makes a slot with a card. */
  public CardSlot(Disk disk) {
    this.disk = disk;
  }

  /** Returns whether the card is in its slot. */
  public boolean isInserted() {
    return inserted;
  }

  /** Returns whether a card is in the slot whose switch is at write protection. */
  public boolean isProtected() {
    return inserted && disk.isWriteProtected();
  }

  /** Removes the card, or inserts it again. */
  public void setInserted(boolean isIn) {
    inserted = isIn;
  }

  /** Returns the transfers that will fail. */
  public CardFaults faults() {
    return faults;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeBoolean(inserted);
    faults.save(out);
    disk.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    inserted = in.readBoolean();
    faults.restore(in);
    disk.restore(in);
  }
}
