package org.curios.machine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets with comments, read by the draft of pcapng. */
class CaptureTest {
  private static final int SECTION = 0x0a0d0d0a;
  private static final int PACKET = 6;

  @TempDir Path folder;

  /** A block: of packets the frame and its time, and the comments of any. */
  private record Block(int type, byte[] frame, long nanos, List<String> comments) {}

  private static List<Block> blocks(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Block> all = new ArrayList<>();
    while (in.hasRemaining()) {
      int start = in.position();
      int type = in.getInt();
      int length = in.getInt();
      assertEquals(0, length % 4);
      assertEquals(length, in.getInt(start + length - 4));
      byte[] frame = new byte[0];
      long nanos = 0;
      if (type == PACKET) {
        assertEquals(0, in.getInt());
        nanos = (long) in.getInt() << 32 | Integer.toUnsignedLong(in.getInt());
        frame = new byte[in.getInt()];
        assertEquals(frame.length, in.getInt());
        in.get(frame);
        in.position((in.position() + 3) & ~3);
      } else {
        in.position(start + 8 + (type == SECTION ? 16 : 8));
      }
      all.add(new Block(type, frame, nanos, comments(in, start + length - 4)));
      in.position(start + length);
    }
    return all;
  }

  private static List<String> comments(ByteBuffer in, int end) {
    List<String> found = new ArrayList<>();
    while (in.position() < end) {
      int code = in.getShort();
      byte[] value = new byte[in.getShort()];
      if (code == 0) {
        assertEquals(0, value.length);
        assertEquals(end, in.position());
        return found;
      }
      in.get(value);
      in.position((in.position() + 3) & ~3);
      if (code == 1) {
        found.add(new String(value, StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  private static Packets.Packet packet(long tick, int length) {
    byte[] frame = new byte[length];
    frame[0] = (byte) tick;
    return new Packets.Packet(tick, tick % 2 == 0, frame);
  }

  @Test
  void notesAreCommentsOfTheNextPacketOrOfTheLast() throws IOException {
    Path file = folder.resolve("notes.pcapng");
    List<Packets.Packet> packets = List.of(packet(100, 60), packet(200, 61), packet(300, 62));
    Capture.save(
        file,
        packets,
        List.of(
            new Capture.Note(150, "net fault: data abort"),
            new Capture.Note(160, "net recovered"),
            new Capture.Note(900, "späte Nachricht")));
    List<Block> blocks = blocks(file);
    assertEquals(5, blocks.size());
    assertEquals(List.of(), blocks.get(2).comments());
    assertEquals(List.of("net fault: data abort\nnet recovered"), blocks.get(3).comments());
    assertEquals(List.of("späte Nachricht"), blocks.get(4).comments());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(packets.get(i).frame(), blocks.get(2 + i).frame());
      assertEquals(packets.get(i).tick() * 5, blocks.get(2 + i).nanos());
    }
  }

  @Test
  void withoutPacketsTheFileHasTheComment() throws IOException {
    Path file = folder.resolve("none.pcapng");
    Capture.save(file, List.of(), List.of(new Capture.Note(5, "store fault")));
    List<Block> blocks = blocks(file);
    assertEquals(2, blocks.size());
    assertEquals(List.of("store fault"), blocks.get(0).comments());
  }
}
