package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are lost, doubled, late or damaged between packet memory and the wire. */
class FaultyFramesTest {
  private final Chip chip = Chip.enabled();

  FaultyFramesTest() {
    chip.set(1, 0xc, 0x0800); // pages of what was sent are free again
  }

  /** Passes a frame in one of the directions. */
  private void pass(boolean sends, byte[] frame) {
    if (sends) {
      chip.send(frame);
    } else {
      chip.device.receive(frame);
    }
  }

  private void plan(PacketFault fault, boolean sends, int bit, int bits) {
    chip.device.faults().plan(fault, sends, bit, bits);
  }

  /** Returns the frames that have arrived at the end of a direction since the last time. */
  private List<byte[]> arrived(boolean sends) {
    List<byte[]> all = new ArrayList<>();
    if (sends) {
      all.addAll(chip.sent);
      chip.sent.clear();
      return all;
    }
    while ((chip.interrupts() & Chip.INT_RX) != 0) {
      byte[] head = chip.received(0, 4);
      int count = head[2] & 0xff | (head[3] & 7) << 8;
      boolean odd = (chip.received(count - 1, 1)[0] & 0x20) != 0;
      all.add(chip.received(4, count - 6 + (odd ? 1 : 0)));
      chip.command(Chip.REMOVE_AND_RELEASE);
    }
    return all;
  }

  private static byte[] frame(int number) {
    byte[] frame = Chip.frame(100);
    frame[50] = (byte) number;
    return frame;
  }

  private void assertArrived(boolean sends, byte[]... frames) {
    List<byte[]> got = arrived(sends);
    assertEquals(frames.length, got.size());
    for (int i = 0; i < frames.length; i++) {
      assertArrayEquals(frames[i], got.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachStrikesTheNextFrameOnce(boolean sends) {
    byte[] flipped = frame(1);
    flipped[17] ^= (byte) 0x80;
    flipped[18] ^= 3;
    for (PacketFault fault : PacketFault.values()) {
      plan(fault, sends, 8 * 17 + 7, 3);
      pass(!sends, frame(9));
      pass(sends, frame(1));
      byte[][] first =
          switch (fault) {
            case LOSS, REORDER -> new byte[0][];
            case DUPLICATE -> new byte[][] {frame(1), frame(1)};
            case CUT -> new byte[][] {Arrays.copyOf(frame(1), 50)};
            case BIT -> new byte[][] {flipped};
          };
      assertArrived(!sends, frame(9));
      assertArrived(sends, first);
      pass(sends, frame(2));
      if (fault == PacketFault.REORDER) {
        assertArrived(sends, frame(2), frame(1));
      } else {
        assertArrived(sends, frame(2));
      }
      pass(sends, frame(3));
      assertArrived(sends, frame(3));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFrameWithoutANextOneComesTenMillisecondsLate(boolean sends) {
    plan(PacketFault.REORDER, sends, 0, 1);
    pass(sends, frame(1));
    chip.ticks.passMicroseconds(9_700);
    assertArrived(sends);
    chip.ticks.passMicroseconds(300);
    assertArrived(sends, frame(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void severalPlansAreForSeveralFrames(boolean sends) {
    plan(PacketFault.REORDER, sends, 0, 1);
    plan(PacketFault.REORDER, sends, 0, 1);
    plan(PacketFault.DUPLICATE, sends, 0, 1);
    for (int i = 1; i <= 3; i++) {
      pass(sends, frame(i));
    }
    assertArrived(sends, frame(3), frame(3), frame(1), frame(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {800, 801, 8000})
  void bitsBeyondTheEndCountFromTheStart(int bit) {
    plan(PacketFault.BIT, false, bit, 1);
    pass(false, frame(1));
    byte[] flipped = frame(1);
    flipped[bit % 800 / 8] ^= (byte) (1 << bit % 8);
    assertArrived(false, flipped);
  }

  /** The check sequence that software has written is wrong after a flip in packet memory. */
  @ParameterizedTest
  @ValueSource(ints = {0, 479, 480, 511})
  void aFrameWithItsOwnCheckSequenceIsLost(int bit) {
    chip.set(0, 0, 0x8101);
    plan(PacketFault.BIT, true, bit, 1);
    byte[] whole = EthernetFrames.withFcs(Chip.frame(60));
    chip.send(whole);
    assertArrived(true);
    chip.send(whole);
    assertArrived(true, Chip.frame(60));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void framesThatDoNotPassTheWireDoNotCount(boolean loops) {
    plan(PacketFault.LOSS, false, 0, 1);
    plan(PacketFault.LOSS, true, 0, 1);
    if (loops) {
      chip.set(0, 0, 0xa081); // loopback within the chip
      chip.send(frame(1));
      assertArrived(false, frame(1));
      chip.set(0, 0, 0x8081);
    } else {
      byte[] other = frame(1);
      other[5] ^= 1; // another station's
      chip.device.receive(other);
      assertArrived(false);
    }
    pass(false, frame(2));
    pass(true, frame(2));
    assertArrived(false);
    assertArrived(true);
    pass(false, frame(3));
    pass(true, frame(3));
    assertArrived(false, frame(3));
    assertArrived(true, frame(3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void plansAndHeldFramesArePartOfTheState(boolean sends) throws IOException {
    byte[] quiet = state();
    plan(PacketFault.REORDER, sends, 0, 1);
    plan(PacketFault.BIT, sends, 8, 2);
    byte[] armed = state();
    pass(sends, frame(1));
    byte[] held = state();
    restore(quiet);
    pass(sends, frame(2));
    assertArrived(sends, frame(2));
    for (byte[] from : List.of(armed, held)) {
      restore(from);
      if (Arrays.equals(from, armed)) {
        pass(sends, frame(1));
      }
      assertArrived(sends);
      pass(sends, frame(2));
      byte[] flipped = frame(2);
      flipped[1] ^= 3;
      assertArrived(sends, flipped, frame(1));
    }
  }

  private byte[] state() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    chip.device.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private void restore(byte[] state) throws IOException {
    chip.device.restore(new DataInputStream(new ByteArrayInputStream(state)));
  }
}
