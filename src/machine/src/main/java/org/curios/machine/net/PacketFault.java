package org.curios.machine.net;

/** What happens to a frame between the packet memory of its controller and the wire. */
public enum PacketFault {
  /** It is lost. */
  LOSS,
  /** It passes twice. */
  DUPLICATE,
  /** It passes after the next one in its direction, but at most {@link PacketFaults#LATE} late. */
  REORDER,
  /** Its second half is missing; addresses and type always stay. */
  CUT,
  /** Bits change while it is in packet memory, where no frame check sequence protects it. */
  BIT
}
