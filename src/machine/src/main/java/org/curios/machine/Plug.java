package org.curios.machine;

import java.io.IOException;
import java.nio.file.Path;
import org.curios.arm.core.Cpu;
import org.curios.machine.image.ImageException;
import org.curios.machine.net.Cable;
import org.curios.machine.net.Capture;
import org.curios.machine.net.EthernetPort;
import org.curios.machine.net.FarEnd;
import org.curios.machine.net.Impairments;
import org.curios.machine.net.Smc91c111;
import org.curios.machine.net.StreamEnd;
import org.curios.machine.net.Switch;
import org.curios.machine.net.Tap;

/**
 * The other end of the cable of a machine that is being built.
 *
 * @param mac address of its controller
 */
record Plug(Switch lan, FarEnd end, byte[] mac, Impairments impairments, Capture capture) {
  private static final byte[] FIRST = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

  /** Opens the far end. */
  static Plug of(Cable cable, Switch lan, FarEnd end, byte[] mac, Path capture)
      throws ImageException {
    if (cable == null && lan == null && end == null) {
      if (capture != null) {
        throw new ImageException(capture + ": nothing to capture without a network; give --net");
      }
      return new Plug(null, null, mac == null ? FIRST : mac, null, null);
    }
    Switch shared =
        cable != null && cable.kind().equals("switch") ? Switch.named(cable.target()) : lan;
    byte[] address = cable != null && cable.mac() != null ? cable.mac() : mac;
    FarEnd far = end;
    try {
      if (cable != null && shared == null) {
        far = open(cable);
      }
    } catch (IOException e) {
      throw new ImageException("--net " + cable.kind() + ":" + e.getMessage());
    }
    try {
      return new Plug(
          shared,
          far,
          address == null ? next(shared) : address,
          cable == null ? null : cable.impairments(),
          capture == null ? null : new Capture(capture));
    } catch (IOException e) {
      if (far != null) {
        far.close();
      }
      throw new ImageException(capture + ": cannot be written; make its folder first");
    }
  }

  private static FarEnd open(Cable cable) throws IOException {
    return cable.kind().equals("tap") ? new Tap(cable.target()) : new StreamEnd(cable.target());
  }

  /** Machines on a switch count their addresses up. */
  private static byte[] next(Switch shared) {
    byte[] mac = FIRST.clone();
    mac[mac.length - 1] += shared == null ? 0 : (byte) shared.size();
    return mac;
  }

  /** Connects the cable; returns null if there is none. */
  EthernetPort into(Smc91c111 controller, Cpu cpu, Impairments unlessSaid) {
    Impairments effective = impairments == null ? unlessSaid : impairments;
    if (lan != null) {
      return EthernetPort.to(controller, cpu.clock, lan, effective, capture);
    }
    return end == null
        ? null
        : EthernetPort.to(controller, cpu.clock, cpu::isWaiting, end, effective, capture);
  }
}
