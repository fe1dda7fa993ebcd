package org.curios.machine.net;

import static org.curios.machine.net.ChipRegisters.*;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.curios.arm.bus.Device;
import org.curios.arm.bus.InterruptLine;
import org.curios.arm.bus.Stateful;
import org.curios.arm.bus.VirtualClock;

/**
 * Ethernet controller SMSC LAN91C111 (data sheet DS00002276): four banks of registers of 16 bits, a
 * memory for four packets, and a PHY. Sections named below are those of the data sheet.
 */
public final class Smc91c111 implements Device, Stateful {
  private static final int REGISTERS = 0x10;
  private static final int BANK = 0xe;
  private static final int IDENTIFICATION = 0x3300;
  private static final int CHIP = 0x91;

  private final InterruptLine line;
  private final Lan83c183 phy;
  private final PacketMemory memory = new PacketMemory();
  private final Transmitter transmitter;
  private final PacketFaults faults;
  private Runnable onSpace = () -> {};
  private final Eeprom eeprom;
  private final byte[] address = new byte[EthernetFrames.ADDRESS];
  private final byte[] multicast = new byte[8];
  private int bank;
  private int rcr;
  private int rpcr;
  private int config;
  private int base;
  private int general;
  private int control;
  private int packet;

  /** The page of the last allocation, or {@link PacketMemory#NONE}. */
  private int allocation;

  /** Whether an allocation waits for a page. */
  private boolean allocating;

  private int pointer;

  /** The interrupts that stay until they are acknowledged. */
  private int latched;

  private int mask;
  private int management;
  private int early;
  private boolean linkMoved;

  /**
   * Makes a controller in its reset state, without a cable.
   *
   * @param mac six bytes, the address that the EEPROM holds
   */
  public Smc91c111(VirtualClock clock, InterruptLine line, byte[] mac) {
    this.line = line;
    phy = new Lan83c183(clock, () -> latch(INT_PHY), this::linkChanged);
    transmitter = new Transmitter(this, clock);
    faults = new PacketFaults(clock, this::store, transmitter::send);
    eeprom = new Eeprom(CONFIG_INITIAL, BASE_INITIAL, mac);
    reload();
    softReset();
  }

  /**
   * Connects a cable.
   *
   * @param wire receives sent frames
   */
  public void connect(Wire wire) {
    transmitter.wire(wire);
    phy.cable(true);
  }

  /** Disconnects the cable. */
  public void unplug() {
    phy.cable(false);
  }

  /** Sets the callback when there is room for a packet again. */
  public void onSpace(Runnable action) {
    onSpace = action;
  }

  /** Returns whether frames pass to the partner and back. */
  public boolean link() {
    return phy.link();
  }

  /** Returns whether the line works at 100 Mbit/s rather than 10. */
  public boolean fast() {
    return phy.fast();
  }

  /** Returns whether a frame need not wait: there is room for it, or reception is off. */
  public boolean canReceive() {
    return memory.free() > 0 || !receives();
  }

  private boolean receives() {
    return (rcr & Receiver.ENABLE) != 0 && isPowered() && phy.link();
  }

  /**
   * Takes a frame from the wire. One for which there is no room is lost, which is an overrun.
   *
   * @param frame from the destination address on, without frame check sequence
   */
  public void receive(byte[] frame) {
    if (receives() && Receiver.passes(frame, rcr, address, multicast)) {
      faults.receive(frame);
    }
  }

  /** Receives its own frame by loopback. */
  void accept(byte[] frame) {
    if (Receiver.passes(frame, rcr, address, multicast)) {
      store(frame);
    }
  }

  /** Stores a frame in packet memory, if reception is on. */
  private void store(byte[] frame) {
    if ((rcr & Receiver.ENABLE) == 0) {
      return;
    }
    byte[] image = Receiver.image(frame, rcr);
    if (image == null) {
      rcr |= Receiver.ABORTED;
    }
    if (image == null || !memory.arrive(image)) {
      latched |= INT_OVERRUN;
    }
    update();
  }

  private void latch(int interrupts) {
    latched |= interrupts;
    update();
  }

  private void linkChanged() {
    linkMoved |= (control & CONTROL_LINK) != 0;
    update();
  }

  /** Returns the plans for lost, late and damaged frames. */
  public PacketFaults faults() {
    return faults;
  }

  PacketMemory memory() {
    return memory;
  }

  boolean isPowered() {
    return (config & CONFIG_POWER) != 0;
  }

  boolean loopsBack() {
    return phy.loopback();
  }

  /** Whether pages of packets that were sent are released at once. */
  boolean releasesSent() {
    return (control & CONTROL_AUTO_RELEASE) != 0;
  }

  /** A packet was sent; perhaps the last one of the transmit FIFO. */
  void sent(boolean last) {
    latch(last ? INT_TX_EMPTY : 0);
  }

  /** Gives a page back: to the allocation that waits for one, if there is one (8.16). */
  void release(int number) {
    memory.release(number);
    if (allocating) {
      allocate();
    }
    if (memory.free() > 0) {
      onSpace.run();
    }
    update();
  }

  private void allocate() {
    allocation = memory.allocate();
    allocating = allocation == PacketMemory.NONE;
  }

  private void update() {
    line.set((interrupts() & mask) != 0);
  }

  private int interrupts() {
    boolean error = transmitter.failed() && (control & CONTROL_ERROR) != 0;
    return latched
        | (error || linkMoved ? INT_EPH : 0)
        | (allocation != PacketMemory.NONE ? INT_ALLOC : 0)
        | (memory.completed() != PacketMemory.NONE ? INT_TX : 0)
        | (memory.received() != PacketMemory.NONE ? INT_RECEIVE : 0);
  }

  // ---- accesses

  @Override
  public int read(int offset, int size) {
    if (offset >= REGISTERS) {
      return 0;
    }
    if (isData(offset)) {
      return readData(size);
    }
    return switch (size) {
      case 1 -> word(offset & ~1) >>> 8 * (offset & 1) & 0xff;
      case 2 -> word(offset);
      default -> word(offset) | word(offset + 2) << 16;
    };
  }

  @Override
  public void write(int offset, int value, int size) {
    if (offset >= REGISTERS) {
      return;
    }
    if (isData(offset)) {
      writeData(value, size);
      return;
    }
    switch (size) {
      case 1 -> word(offset & ~1, (value & 0xff) << 8 * (offset & 1), 0xff << 8 * (offset & 1));
      case 2 -> word(offset, value & 0xffff, 0xffff);
      default -> {
        if (offset != BANK - 2) { // such a write goes to the bank register only (8.5)
          word(offset, value & 0xffff, 0xffff);
        }
        word(offset + 2, value >>> 16, 0xffff);
      }
    }
    update();
  }

  private boolean isData(int offset) {
    return (bank << 4 | offset & ~3) == DATA;
  }

  /** Reads a register of 16 bits. */
  private int word(int offset) {
    if (offset == BANK) {
      return IDENTIFICATION | bank;
    }
    int register = bank << 4 | offset;
    return switch (register) {
      case TCR -> transmitter.tcr();
      case EPHSR -> transmitter.status();
      case RCR -> rcr;
      case MIR -> memory.free() << 8 | PacketMemory.PAGES;
      case RPCR -> rpcr;
      case CONFIG -> config;
      case BASE -> base;
      case IA0, IA2, IA4 -> pair(address, register - IA0);
      case GENERAL -> general;
      case CONTROL -> control;
      case PACKET -> packet | number(allocation) << 8;
      case FIFO -> number(memory.completed()) | number(memory.received()) << 8;
      case POINTER -> pointer;
      case INTERRUPT -> interrupts() | mask << 8;
      case MT0, MT2, MT4, MT6 -> pair(multicast, register - MT0);
      case MANAGEMENT -> management | MGMT_FIXED | (phy.wires().data() ? MGMT_INPUT : 0);
      case REVISION -> IDENTIFICATION | CHIP;
      case EARLY -> IDENTIFICATION | early;
      default -> 0; // commands are done at once, and on a switch there is no collision to count
    };
  }

  /**
   * Writes to a register of 16 bits.
   *
   * @param bytes those that are written, as a mask
   */
  private void word(int offset, int value, int bytes) {
    boolean low = (bytes & 0xff) != 0;
    if (offset == BANK) {
      bank = low ? value & 7 : bank;
      return;
    }
    int register = bank << 4 | offset;
    if ((rcr & RCR_RESET) != 0 && register != RCR && (register < CONFIG || register > IA4)) {
      return; // held in reset, except for what a reset does not change
    }
    int merged = word(offset) & ~bytes | value;
    switch (register) {
      case TCR -> transmitter.tcr(merged & TCR_BITS);
      case RCR -> rcr(merged & RCR_BITS);
      case RPCR -> {
        rpcr = merged & RPCR_BITS;
        phy.rpc(rpcr);
      }
      case CONFIG -> {
        config = merged & CONFIG_BITS | CONFIG_INITIAL & ~CONFIG_BITS;
        transmitter.start();
      }
      case BASE -> base = merged & BASE_BITS | BASE_INITIAL & ~BASE_BITS;
      case IA0, IA2, IA4 -> setPair(address, register - IA0, merged);
      case GENERAL -> general = merged;
      case CONTROL -> control(merged);
      case MMU -> command(low ? value >>> 5 & 7 : 0);
      case PACKET -> packet = merged & PACKET_BITS;
      case POINTER -> pointer = merged & PTR_BITS;
      case INTERRUPT -> {
        acknowledge(low ? value : 0);
        mask = merged >>> 8;
      }
      case MT0, MT2, MT4, MT6 -> setPair(multicast, register - MT0, merged);
      case MANAGEMENT -> management(merged);
      case EARLY -> early = merged & EARLY_INITIAL;
      default -> {} // read only, or none
    }
  }

  private void rcr(int value) {
    if ((value & RCR_RESET) != 0) {
      softReset();
      rcr = RCR_RESET;
    } else {
      rcr = value;
    }
  }

  /** What SOFT_RST does: resets all but configuration, base and address (8.9). */
  private void softReset() {
    resetMemory();
    transmitter.reset();
    bank = 0;
    rcr = 0;
    rpcr = 0;
    phy.rpc(rpcr);
    general = 0;
    control = CONTROL_INITIAL;
    pointer = 0;
    latched = INT_TX_EMPTY;
    mask = 0;
    Arrays.fill(multicast, (byte) 0);
    management = 0;
    early = EARLY_INITIAL;
    linkMoved = false;
  }

  private void resetMemory() {
    memory.reset();
    transmitter.stop();
    packet = 0;
    allocation = PacketMemory.NONE;
    allocating = false;
    latched &= ~INT_OVERRUN;
    onSpace.run();
  }

  private void control(int value) {
    control = value & CONTROL_BITS | CONTROL_INITIAL & ~CONTROL_BITS;
    boolean one = (control & CONTROL_SELECT) != 0;
    if ((control & CONTROL_RELOAD) != 0 && one) {
      general = eeprom.read(pointer);
    } else if ((control & CONTROL_RELOAD) != 0) {
      reload();
    } else if ((control & CONTROL_STORE) != 0 && one) {
      eeprom.write(pointer, general);
    } else if ((control & CONTROL_STORE) != 0) {
      eeprom.store(config, base);
    }
    control &= ~(CONTROL_RELOAD | CONTROL_STORE); // done
    linkMoved &= (control & CONTROL_LINK) != 0;
  }

  private void reload() {
    config = eeprom.configuration();
    base = eeprom.base();
    eeprom.address(address);
  }

  private void management(int value) {
    management = value & MGMT_BITS;
    boolean drives = (management & MGMT_OUTPUT_ENABLE) != 0;
    phy.wires().move((management & MGMT_CLOCK) != 0, drives && (management & MGMT_OUTPUT) != 0);
  }

  private void acknowledge(int bits) {
    latched &= ~(bits & (INT_PHY | INT_OVERRUN | INT_TX_EMPTY));
    if ((bits & INT_TX) != 0) {
      memory.removeCompleted();
    }
  }

  /** What a command of the MMU does (8.16). */
  private void command(int command) {
    switch (command) {
      case 1 -> allocate();
      case 2 -> resetMemory();
      case 3 -> memory.removeReceived();
      case 4 -> release(memory.removeReceived());
      case 5 -> release(packet);
      case 6 -> {
        memory.enqueue(packet);
        transmitter.start();
      }
      case 7 -> {
        memory.resetTransmit();
        transmitter.stop();
      }
      default -> {} // no operation
    }
  }

  // ---- packet memory

  private int dataPacket() {
    return (pointer & PTR_RECEIVE) != 0 ? memory.received() : packet;
  }

  /** The place of a byte of an access: consecutive, wherever the pointer is (8.20). */
  private int dataAddress(int index) {
    int at = pointer & PTR_ADDRESS;
    if ((pointer & PTR_INCREMENT) == 0) {
      return at + index & PTR_ADDRESS;
    }
    pointer = pointer & ~PTR_ADDRESS | at + 1 & PTR_ADDRESS;
    return at;
  }

  private int readData(int size) {
    int value = 0;
    for (int i = 0; i < size; i++) {
      value |= memory.read(dataPacket(), dataAddress(i)) << 8 * i;
    }
    return value;
  }

  private void writeData(int value, int size) {
    for (int i = 0; i < size; i++) {
      memory.write(dataPacket(), dataAddress(i), value >>> 8 * i);
    }
  }

  // ---- state

  @Override
  public void save(DataOutput out) throws IOException {
    eeprom.save(out);
    out.write(address);
    out.write(multicast);
    for (int v : new int[] {bank, rcr, rpcr, config, base, general, control, packet, allocation}) {
      out.writeInt(v);
    }
    for (int v : new int[] {pointer, latched, mask, management, early}) {
      out.writeInt(v);
    }
    out.writeBoolean(allocating);
    out.writeBoolean(linkMoved);
    memory.save(out);
    phy.save(out);
    transmitter.save(out);
    faults.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    eeprom.restore(in);
    in.readFully(address);
    in.readFully(multicast);
    bank = in.readInt();
    rcr = in.readInt();
    rpcr = in.readInt();
    config = in.readInt();
    base = in.readInt();
    general = in.readInt();
    control = in.readInt();
    packet = in.readInt();
    allocation = in.readInt();
    pointer = in.readInt();
    latched = in.readInt();
    mask = in.readInt();
    management = in.readInt();
    early = in.readInt();
    allocating = in.readBoolean();
    linkMoved = in.readBoolean();
    memory.restore(in);
    phy.restore(in);
    transmitter.restore(in);
    faults.restore(in);
    update();
  }
}
