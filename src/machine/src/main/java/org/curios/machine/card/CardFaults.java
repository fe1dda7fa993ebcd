package org.curios.machine.card;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.Stateful;

/** Transfers of blocks that will fail, each once. */
public final class CardFaults implements Stateful {
  /** In place of a block's number: any block. */
  public static final long ANY_BLOCK = -1;

  /**
   * A transfer that will fail.
   *
   * @param fault how
   * @param write whether it is a write
   * @param block its number, or {@link #ANY_BLOCK}
   */
  private record Planned(CardFault fault, boolean write, long block) {}

  private final List<Planned> planned = new ArrayList<>();

  /**
   * Makes a transfer of a block fail, once. A failing write does not reach the disk.
   *
   * @param write whether it is a write
   * @param block the block, or {@link #ANY_BLOCK}
   */
  public void plan(CardFault fault, boolean write, long block) {
    planned.add(new Planned(fault, write, block));
  }

  /** Returns how a transfer fails, and removes the plan; null if it does not. */
  public CardFault take(boolean write, long block) {
    for (Planned p : planned) {
      if (p.write == write && (p.block == block || p.block == ANY_BLOCK)) {
        planned.remove(p);
        return p.fault;
      }
    }
    return null;
  }

  /** Returns whether a transfer in this direction will fail. */
  public boolean isPlanned(boolean write) {
    return planned.stream().anyMatch(p -> p.write == write);
  }

  /** Removes all plans; returns an action that makes them again. */
  public Runnable suspend() {
    List<Planned> all = List.copyOf(planned);
    planned.clear();
    return () -> planned.addAll(all);
  }

  /** Saves a fault, or null. */
  public static void save(CardFault fault, DataOutput out) throws IOException {
    out.writeByte(fault == null ? -1 : fault.ordinal());
  }

  /** Returns what {@link #save(CardFault, DataOutput)} has saved. */
  public static CardFault fault(DataInput in) throws IOException {
    int number = in.readByte();
    return number < 0 ? null : CardFault.values()[number];
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(planned.size());
    for (Planned p : planned) {
      save(p.fault, out);
      out.writeBoolean(p.write);
      out.writeLong(p.block);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    planned.clear();
    for (int count = in.readInt(); count > 0; count--) {
      planned.add(new Planned(fault(in), in.readBoolean(), in.readLong()));
    }
  }
}
