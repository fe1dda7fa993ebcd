package org.curios.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** States in memory have the format of Java's streams. */
class StateInputTest {
  private static final int VALUES = 2000;

  private static void write(DataOutput out, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < VALUES; i++) {
      long value = random.nextLong();
      switch (i % 12) {
        case 0 -> out.writeBoolean((value & 1) != 0);
        case 1 -> out.writeByte((int) value);
        case 2 -> out.writeShort((int) value);
        case 3 -> out.writeInt((int) value);
        case 4 -> out.writeLong(value);
        case 5 -> out.writeChar((int) value);
        case 6 -> out.writeUTF("name " + value + " \u20ac");
        case 7 ->
            out.write(Long.toString(value).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        case 8 -> out.writeFloat((float) value);
        case 9 -> out.writeDouble((double) value);
        case 10 -> out.writeChars("ab\u20ac");
        default -> out.writeBytes("abc");
      }
    }
  }

  private static void read(DataInput in, DataInput same, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < VALUES; i++) {
      long value = random.nextLong();
      switch (i % 12) {
        case 0 -> assertEquals(same.readBoolean(), in.readBoolean());
        case 1 -> assertEquals(same.readUnsignedByte(), in.readUnsignedByte());
        case 2 -> assertEquals(same.readUnsignedShort(), in.readUnsignedShort());
        case 3 -> assertEquals(same.readInt(), in.readInt());
        case 4 -> assertEquals(same.readLong(), in.readLong());
        case 5 -> assertEquals(same.readChar(), in.readChar());
        case 6 -> assertEquals(same.readUTF(), in.readUTF());
        case 7 -> {
          byte[] one = new byte[Long.toString(value).length()];
          byte[] other = one.clone();
          same.readFully(one);
          in.readFully(other);
          assertArrayEquals(one, other);
        }
        case 8 -> assertEquals(same.readFloat(), in.readFloat());
        case 9 -> assertEquals(same.readDouble(), in.readDouble());
        case 10 -> assertEquals(same.skipBytes(6), in.skipBytes(6));
        default -> {
          for (int k = 0; k < 3; k++) {
            assertEquals(same.readByte(), in.readByte());
          }
        }
      }
    }
  }

  @Test
  void bytesAreThoseOfStreams() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(new DataOutputStream(bytes), 5);
    StateOutput out = new StateOutput(0);
    write(out, 5);
    assertArrayEquals(bytes.toByteArray(), out.toByteArray());
    assertTrue(out.holds(bytes.toByteArray()));
    byte[] longer = Arrays.copyOf(bytes.toByteArray(), bytes.size() + 1);
    assertFalse(out.holds(longer));
    assertFalse(out.holds(Arrays.copyOf(longer, bytes.size() - 1)));
    longer[bytes.size() / 2] ^= 1;
    assertFalse(out.holds(Arrays.copyOf(longer, bytes.size())));
    StateInput in = new StateInput(out.toByteArray());
    read(in, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), 5);
    assertEquals(0, in.skipBytes(1));
    assertThrows(EOFException.class, in::readByte);
  }

  @Test
  void aStateThatIsTooShortIsReported() throws IOException {
    StateInput in = new StateInput(new byte[5]);
    assertEquals(0, in.readInt());
    assertThrows(EOFException.class, in::readShort);
    assertEquals(0, in.readByte());
    assertThrows(EOFException.class, () -> in.readFully(new byte[1]));
  }
}
