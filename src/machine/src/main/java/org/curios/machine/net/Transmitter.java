package org.curios.machine.net;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.TimedEvent;
import org.curios.arm.bus.VirtualClock;

/**
 * The transmitter of the LAN91C111: sends the packets of the transmit FIFO in order, each for its
 * time on the wire (data sheet, 8.7 and 8.8).
 */
final class Transmitter implements Stateful {
  // Bits of TCR.
  private static final int SWITCHED = 1 << 15;
  private static final int EPH_LOOPBACK = 1 << 13;
  private static final int STOP_AT_SQET = 1 << 12;
  private static final int FULL_DUPLEX = 1 << 11;
  private static final int MONITOR_CARRIER = 1 << 10;
  private static final int NO_CRC = 1 << 8;
  private static final int PAD = 1 << 7;
  private static final int FORCE_COLLISION = 1 << 2;
  private static final int ENABLE = 1;

  // Bits of EPHSR, and of the status word of a packet.
  private static final int LINK_OK = 1 << 14;
  private static final int LOST_CARRIER = 1 << 10;
  private static final int LATE_COLLISION = 1 << 9;
  private static final int LAST_BROADCAST = 1 << 6;
  private static final int SQET = 1 << 5;
  private static final int LAST_MULTICAST = 1 << 3;
  private static final int SUCCESS = 1;

  // Bits of the control byte.
  private static final int ODD = 0x20;
  private static final int CRC = 0x10;

  private final Smc91c111 controller;
  private final VirtualClock clock;
  private Wire wire;
  private final TimedEvent end =
      new TimedEvent() {
        @Override
        public void fire(long tick) {
          ended();
        }
      };

  private int tcr;
  private int status;
  private boolean sending;
  private boolean failed;

  Transmitter(Smc91c111 controller, VirtualClock clock) {
    this.controller = controller;
    this.clock = clock;
  }

  void wire(Wire other) {
    wire = other;
  }

  int tcr() {
    return tcr;
  }

  void tcr(int value) {
    tcr = value;
    if ((tcr & ENABLE) != 0) {
      if (failed) {
        failed = false;
        status = 0;
      }
      start();
    }
  }

  /** Returns the register EPHSR: the status of the last packet, and the link. */
  int status() {
    return status | (controller.link() ? LINK_OK : 0);
  }

  /** Returns whether a fatal error has stopped the transmitter. */
  boolean failed() {
    return failed;
  }

  /** Resets it. */
  void reset() {
    stop();
    tcr = 0;
    status = 0;
    failed = false;
  }

  /** Forgets the packet that is being sent. */
  void stop() {
    sending = false;
    clock.cancel(end);
  }

  /** Sends the packet at the head of the FIFO if nothing is being sent. */
  void start() {
    int number = controller.memory().toSend();
    if (sending || number == PacketMemory.NONE || (tcr & ENABLE) == 0 || !controller.isPowered()) {
      return;
    }
    sending = true;
    int length = controller.memory().readWord(number, 2) & PacketMemory.PAGE - 1;
    clock.schedule(end, clock.now() + EthernetFrames.ticks(length, controller.fast()));
  }

  private void ended() {
    sending = false;
    PacketMemory memory = controller.memory();
    int number = memory.toSend();
    memory.sent();
    byte[] data = data(number);
    boolean ownCheck = (tcr & NO_CRC) != 0 && (control(number) & CRC) == 0;
    status = outcome(data);
    boolean success = (status & SUCCESS) != 0;
    memory.writeWord(number, 0, status());
    if (success && controller.releasesSent()) {
      controller.release(number);
    } else {
      memory.complete(number);
    }
    if (success) {
      leave(data, ownCheck ? Transmitter::checked : UnaryOperator.identity());
    } else {
      tcr &= ~ENABLE;
      failed = true;
    }
    controller.sent(memory.toSend() == PacketMemory.NONE);
    start();
  }

  /** The fate of a frame: software can force errors that no switch causes. */
  private int outcome(byte[] frame) {
    boolean half = (tcr & SWITCHED) == 0;
    if (half && (tcr & FORCE_COLLISION) != 0) {
      return LATE_COLLISION;
    }
    if ((tcr & MONITOR_CARRIER) != 0 && !controller.link() && !loops()) {
      return LOST_CARRIER;
    }
    int kind = 0;
    if (frame.length >= EthernetFrames.HEADER && EthernetFrames.isMulticast(frame)) {
      kind = EthernetFrames.isBroadcast(frame) ? LAST_BROADCAST : LAST_MULTICAST;
    }
    if (half && (tcr & STOP_AT_SQET) != 0) {
      return kind | SQET;
    }
    return kind | SUCCESS | (half ? SQET : 0); // no carrier signal on an unswitched line
  }

  private boolean loops() {
    return (tcr & EPH_LOOPBACK) != 0 || controller.loopsBack();
  }

  private void leave(byte[] data, UnaryOperator<byte[]> complete) {
    if (loops()) {
      if ((tcr & (FULL_DUPLEX | SWITCHED)) != 0) {
        controller.accept(complete.apply(data));
      }
    } else if (wire != null && controller.link() && data.length >= EthernetFrames.HEADER) {
      controller.faults().send(data, complete);
    }
  }

  /** Puts a frame on the wire. */
  void send(byte[] frame) {
    if (frame.length >= EthernetFrames.HEADER) {
      wire.send(frame);
    }
  }

  private int control(int number) {
    PacketMemory memory = controller.memory();
    int count = memory.readWord(number, 2) & PacketMemory.PAGE - 2;
    return count < Receiver.OVERHEAD ? 0 : memory.read(number, count - 1);
  }

  /** Returns the bytes of a packet, padded if the transmitter does so; none if it is damaged. */
  private byte[] data(int number) {
    PacketMemory memory = controller.memory();
    int count = memory.readWord(number, 2) & PacketMemory.PAGE - 2;
    if (count < Receiver.OVERHEAD) {
      return new byte[0];
    }
    boolean odd = (control(number) & ODD) != 0;
    byte[] data = memory.copy(number, 4, count - Receiver.OVERHEAD + (odd ? 1 : 0));
    return (tcr & PAD) != 0 ? EthernetFrames.padded(data) : data;
  }

  /**
   * Returns a packet without its own check sequence; an empty one, which is lost, if it is wrong.
   */
  private static byte[] checked(byte[] data) {
    byte[] frame = data.length < EthernetFrames.FCS ? null : EthernetFrames.withoutFcs(data);
    return frame == null ? new byte[0] : frame;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeShort(tcr);
    out.writeShort(status);
    out.writeBoolean(sending);
    out.writeBoolean(failed);
    clock.save(end, out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    tcr = in.readUnsignedShort();
    status = in.readUnsignedShort();
    sending = in.readBoolean();
    failed = in.readBoolean();
    clock.restore(end, in);
  }
}
