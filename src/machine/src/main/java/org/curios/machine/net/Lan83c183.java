package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;

/**
 * The PHY within the LAN91C111, a LAN83C183 at address 0 (data sheet, 9): its registers after the
 * two wires of the management interface, the link, and auto-negotiation with a partner that can do
 * everything.
 */
final class Lan83c183 implements Stateful {
  /** Ticks that auto-negotiation takes: 10 virtual milliseconds. */
  static final long NEGOTIATION = VirtualClock.HZ / 100;

  private static final int CONTROL = 0;
  private static final int STATUS = 1;
  private static final int ID1 = 2;
  private static final int ID2 = 3;
  private static final int ADVERTISED = 4;
  private static final int PARTNER = 5;
  private static final int CONFIGURATION1 = 16;
  private static final int CONFIGURATION2 = 17;
  private static final int OUTPUT = 18;
  private static final int MASK = 19;
  private static final int RESERVED = 20;

  private static final int RESET = 1 << 15;
  private static final int LOOPBACK = 1 << 14;
  private static final int SPEED_100 = 1 << 13;
  private static final int NEGOTIATE = 1 << 12;
  private static final int POWER_DOWN = 1 << 11;
  private static final int ISOLATE = 1 << 10;
  private static final int RESTART = 1 << 9;
  private static final int DUPLEX = 1 << 8;

  private static final int CAPABILITIES = 0x7809;
  private static final int NEGOTIATED = 1 << 5;
  private static final int LINK = 1 << 2;

  private static final int CONTROL_RESET = SPEED_100 | NEGOTIATE;
  private static final int ADVERTISED_RESET = 0x01e1;
  private static final int CONFIGURATION1_RESET = 0x0022;
  private static final int MASK_RESET = 0xffc0;

  /** The partner acknowledges, and can do 10 and 100 Mbit/s, half and full duplex. */
  private static final int PARTNER_ABILITIES = 0x41e1;

  private static final int CAN_100_FULL = 1 << 8;
  private static final int CAN_100 = 1 << 7;
  private static final int CAN_10_FULL = 1 << 6;
  private static final int CAN_10 = 1 << 5;

  private static final int OUT_INTERRUPT = 1 << 15;
  private static final int OUT_LINK_FAIL = 1 << 14;
  private static final int OUT_SPEED_100 = 1 << 7;
  private static final int OUT_DUPLEX = 1 << 6;

  /** What the MAC's register RPCR requests, in the places of its bits. */
  private static final int RPC_SPEED_100 = 1 << 13;

  private static final int RPC_DUPLEX = 1 << 12;
  private static final int RPC_NEGOTIATE = 1 << 11;

  private final VirtualClock clock;
  private final Runnable interrupt;
  private final Runnable linkChanged;
  private final Management wires = new Management(this);
  private final TimedEvent negotiation =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          negotiated();
        }
      };

  private boolean cable;
  private int control = CONTROL_RESET;
  private int advertised = ADVERTISED_RESET;
  private int configuration1 = CONFIGURATION1_RESET;
  private int configuration2;
  private int mask = MASK_RESET;
  private int rpc;
  private boolean link;
  private boolean done;

  /** The link has been down since the status was read. */
  private boolean wasDown = true;

  private boolean fast = true;
  private boolean full;

  /** The status output register, whose bits stay as they are once they have changed. */
  private int output = OUT_LINK_FAIL | OUT_SPEED_100;

  private int latched;

  /**
   * Makes a PHY in its reset state, without a cable.
   *
   * @param interrupt called when an unmasked bit of the status output register has changed
   * @param linkChanged called when the link has come up or gone down
   */
  Lan83c183(VirtualClock clock, Runnable interrupt, Runnable linkChanged) {
    this.clock = clock;
    this.interrupt = interrupt;
    this.linkChanged = linkChanged;
  }

  /** Connects or disconnects the cable. */
  void cable(boolean plugged) {
    cable = plugged;
    begin();
  }

  /** Sets what the MAC's register RPCR requests. */
  void rpc(int value) {
    int before = rpc;
    rpc = value & (RPC_SPEED_100 | RPC_DUPLEX | RPC_NEGOTIATE);
    if (rpc != before) {
      begin();
    }
  }

  /** Returns whether frames can pass to the partner and back. */
  boolean link() {
    return link && (control & (ISOLATE | LOOPBACK)) == 0;
  }

  /** Returns whether the PHY loops back the frames that it sends. */
  boolean loopback() {
    return (control & LOOPBACK) != 0 && (control & (ISOLATE | POWER_DOWN)) == 0;
  }

  /** Returns whether the line works at 100 Mbit/s rather than 10. */
  boolean fast() {
    return fast;
  }

  /** Returns the two wires of the management interface. */
  Management wires() {
    return wires;
  }

  private boolean negotiates() {
    return (control & NEGOTIATE) != 0 && (rpc & RPC_NEGOTIATE) != 0;
  }

  /** Establishes the link again. */
  private void begin() {
    done = false;
    clock.cancel(negotiation);
    if (!cable || (control & POWER_DOWN) != 0) {
      link(false);
    } else if (negotiates()) {
      link(false);
      clock.schedule(negotiation, clock.now() + NEGOTIATION);
    } else {
      // Without negotiation one of the two registers determines the mode (data sheet, 8.11).
      boolean byMac = (control & NEGOTIATE) != 0;
      fast = byMac ? (rpc & RPC_SPEED_100) != 0 : (control & SPEED_100) != 0;
      full = byMac ? (rpc & RPC_DUPLEX) != 0 : (control & DUPLEX) != 0;
      link(true);
    }
  }

  private void negotiated() {
    int common = advertised & PARTNER_ABILITIES;
    done = true;
    fast = (common & (CAN_100_FULL | CAN_100)) != 0;
    full = (common & (fast ? CAN_100_FULL : CAN_10_FULL)) != 0;
    link((common & (CAN_100_FULL | CAN_100 | CAN_10_FULL | CAN_10)) != 0);
  }

  private void link(boolean up) {
    boolean changed = link != up;
    link = up;
    wasDown |= !up;
    note();
    if (changed) {
      linkChanged.run();
    }
  }

  private int present() {
    return (link ? 0 : OUT_LINK_FAIL) | (fast ? OUT_SPEED_100 : 0) | (full ? OUT_DUPLEX : 0);
  }

  /** Bits that change while they are not masked stay as they are until they are read. */
  private void note() {
    int changed = (output ^ present()) & ~latched;
    output ^= changed;
    int unmasked = changed & ~mask;
    latched |= unmasked;
    if (unmasked != 0) {
      interrupt.run();
    }
  }

  /** Reads a register. */
  int read(int register) {
    return switch (register) {
      case CONTROL -> control;
      case STATUS -> status();
      case ID1 -> 0x0016;
      case ID2 -> 0xf840;
      case ADVERTISED -> advertised;
      case PARTNER -> done ? PARTNER_ABILITIES : 0;
      case CONFIGURATION1 -> configuration1;
      case CONFIGURATION2 -> configuration2;
      case OUTPUT -> output();
      case MASK -> mask;
      case RESERVED -> 0x00a0;
      default -> 0;
    };
  }

  private int status() {
    int value = CAPABILITIES | (done ? NEGOTIATED : 0) | (link && !wasDown ? LINK : 0);
    wasDown = !link;
    return value;
  }

  private int output() {
    int value = output | (latched != 0 ? OUT_INTERRUPT : 0);
    latched = 0;
    output = present();
    return value;
  }

  /** Writes a register. */
  void write(int register, int value) {
    switch (register) {
      case CONTROL -> control(value);
      case ADVERTISED -> advertised = value;
      case CONFIGURATION1 -> configuration1 = value;
      case CONFIGURATION2 -> configuration2 = value;
      case MASK -> mask = value;
      default -> {} // read only, or none
    }
  }

  private void control(int value) {
    if ((value & RESET) != 0) {
      control = CONTROL_RESET;
      advertised = ADVERTISED_RESET;
      configuration1 = CONFIGURATION1_RESET;
      configuration2 = 0;
      mask = MASK_RESET;
      begin();
      return;
    }
    int changed = control ^ value;
    control = value & ~RESTART;
    if ((value & RESTART) != 0 || (changed & (SPEED_100 | NEGOTIATE | POWER_DOWN | DUPLEX)) != 0) {
      begin();
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    for (int v :
        new int[] {
          control, advertised, configuration1, configuration2, mask, rpc, output, latched
        }) {
      out.writeShort(v);
    }
    for (boolean v : new boolean[] {cable, link, done, wasDown, fast, full}) {
      out.writeBoolean(v);
    }
    clock.save(negotiation, out);
    wires.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    control = in.readUnsignedShort();
    advertised = in.readUnsignedShort();
    configuration1 = in.readUnsignedShort();
    configuration2 = in.readUnsignedShort();
    mask = in.readUnsignedShort();
    rpc = in.readUnsignedShort();
    output = in.readUnsignedShort();
    latched = in.readUnsignedShort();
    cable = in.readBoolean();
    link = in.readBoolean();
    done = in.readBoolean();
    wasDown = in.readBoolean();
    fast = in.readBoolean();
    full = in.readBoolean();
    clock.restore(negotiation, in);
    wires.restore(in);
  }
}
