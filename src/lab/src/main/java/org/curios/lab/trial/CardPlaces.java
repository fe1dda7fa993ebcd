package org.curios.lab.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.curios.machine.Machine;
import org.curios.machine.card.CardFault;
import org.curios.machine.card.CardFaults;
import org.curios.machine.card.Disk;

/** Faults of the SD card: bits that change in a block, and transfers of blocks that fail. */
public final class CardPlaces {
  /** Bits of a block. */
  public static final int BITS = 8 * Disk.BLOCK;

  private static final String BLOCK = "b";
  private static final byte[] EMPTY = new byte[Disk.BLOCK];

  private CardPlaces() {}

  /** Returns the blocks that are not empty, as faults name them; none without a card. */
  public static List<String> blocks(Machine m) {
    List<String> all = new ArrayList<>();
    if (m.card() != null) {
      Disk disk = m.card().disk();
      for (long i = 0; i < disk.blocks(); i++) {
        if (!Arrays.equals(block(disk, i), EMPTY)) {
          all.add(BLOCK + i);
        }
      }
    }
    return all;
  }

  private static byte[] block(Disk disk, long number) {
    try {
      return disk.block(number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the ways in which a transfer fails: {@code read:crc} and so on. */
  public static List<String> transfers() {
    List<String> all = new ArrayList<>();
    for (String direction : List.of("read", "write")) {
      for (CardFault f : CardFault.values()) {
        all.add(direction + ":" + f.name().toLowerCase(Locale.ROOT));
      }
    }
    return all;
  }

  /** Changes bits of a block. */
  static void strikeBlock(Machine m, Fault fault, FaultHost host) {
    boolean named = m.card() != null && fault.place().matches(BLOCK + "\\d{1,9}");
    long number = named ? Long.parseLong(fault.place().substring(1)) : -1;
    if (!named || number >= m.card().disk().blocks() || fault.bit() + fault.bits() > BITS) {
      throw Injector.nowhere(fault);
    }
    Disk disk = m.card().disk();
    Runnable change =
        () -> {
          byte[] before = block(disk, number);
          byte[] after = before.clone();
          for (int bit = fault.bit(); bit < fault.bit() + fault.bits(); bit++) {
            after[bit / 8] = (byte) fault.mode().apply(after[bit / 8], 1 << bit % 8);
          }
          if (!Arrays.equals(before, after)) {
            disk.damage(number, after);
          }
        };
    host.change(fault, change);
  }

  /** Makes the next transfer fail. */
  static void strikeTransfer(Machine m, Fault fault) {
    int at = transfers().indexOf(fault.place());
    if (at < 0 || m.card() == null) {
      throw Injector.nowhere(fault);
    }
    CardFault[] ways = CardFault.values();
    m.card().slot().faults().plan(ways[at % ways.length], at >= ways.length, CardFaults.ANY_BLOCK);
  }
}
