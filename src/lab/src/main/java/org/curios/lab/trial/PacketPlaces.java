package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.lab.LabException;
import org.curios.machine.Machine;
import org.curios.machine.net.PacketFault;

/** Faults of the next frame that the machine receives from the network, or that it sends. */
public final class PacketPlaces {
  /** Bits of the longest frame; in a shorter one, a bit beyond its end counts from its start. */
  public static final int BITS = 8 * 1514;

  private static final String IN = "in";
  private static final String OUT = "out";
  private static final String BITS_END = ":" + word(PacketFault.BIT);

  private PacketPlaces() {}

  private static String word(PacketFault fault) {
    return fault.name().toLowerCase(Locale.ROOT);
  }

  /** Returns what can happen to a frame: {@code in:loss} and so on. */
  public static List<String> names() {
    List<String> all = new ArrayList<>();
    for (String direction : List.of(IN, OUT)) {
      for (PacketFault f : PacketFault.values()) {
        all.add(direction + ":" + word(f));
      }
    }
    return all;
  }

  /** Returns whether a fault flips bits, which its text then names. */
  public static boolean hasBits(String place) {
    return place.endsWith(BITS_END);
  }

  /** Plans what happens to the next frame. */
  static void strike(Machine m, Fault fault) {
    int at = names().indexOf(fault.place());
    if (at < 0 || fault.mode() != Fault.Mode.FLIP) {
      throw Injector.nowhere(fault);
    }
    if (m.packets() == null) {
      throw new LabException(
          fault + ": the machine has no network cable; name a peer in the plan, or use --net");
    }
    PacketFault[] all = PacketFault.values();
    m.board()
        .ethernet()
        .faults()
        .plan(all[at % all.length], at >= all.length, fault.bit(), fault.bits());
  }
}
