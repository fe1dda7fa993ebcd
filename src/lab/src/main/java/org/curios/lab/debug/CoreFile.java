package org.curios.lab.debug;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.Bus;
import org.curios.machine.Machine;

/**
 * A core file of a machine: its registers and the memory that the current translation tables show,
 * as an ELF file for debuggers (ELF for the ARM Architecture; the notes are those of Linux).
 */
public final class CoreFile {
  private static final int HEADER = 52;
  private static final int PROGRAM_HEADER = 32;
  private static final int REGISTERS = 72;
  private static final int STATUS = 148;
  private static final int PROCESS = 124;
  private static final int SIGTRAP = 5;
  private static final int PAGE = 4096;

  /** A run of memory. */
  private record Segment(int address, long size) {}

  private CoreFile() {}

  /**
   * Writes a core file, sparse where the file system supports it.
   *
   * @param name of the image, which debuggers compare
   */
  public static void write(Machine m, String name, Path file) throws IOException {
    List<Segment> segments = segments(m);
    ByteBuffer notes = notes(m, name);
    int headers = HEADER + PROGRAM_HEADER * (segments.size() + 1);
    long data = (headers + notes.limit() + PAGE - 1L) / PAGE * PAGE;
    ByteBuffer head = ByteBuffer.allocate(headers + notes.limit()).order(ByteOrder.LITTLE_ENDIAN);
    head.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    head.putShort((short) 4).putShort((short) 40).putInt(1); // a core, of ARM
    head.putInt(0).putInt(HEADER).putInt(0).putInt(0x0500_0000); // EABI 5
    head.putShort((short) HEADER).putShort((short) PROGRAM_HEADER);
    head.putShort((short) (segments.size() + 1)).putShort((short) 0);
    head.putShort((short) 0).putShort((short) 0);
    head.putInt(4).putInt(headers).putInt(0).putInt(0); // PT_NOTE
    head.putInt(notes.limit()).putInt(0).putInt(0).putInt(4);
    long at = data;
    for (Segment s : segments) {
      head.putInt(1).putInt((int) at).putInt(s.address).putInt(0); // PT_LOAD
      head.putInt((int) s.size).putInt((int) s.size).putInt(7).putInt(1024);
      at += s.size;
    }
    head.put(notes).flip();
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      out.write(head, 0);
      at = data;
      for (Segment s : segments) {
        memory(m, s, out, at);
        at += s.size;
      }
      if (out.size() < at) {
        out.write(ByteBuffer.allocate(1), at - 1);
      }
    }
  }

  /** The parts of the address space that are RAM. */
  private static List<Segment> segments(Machine m) {
    List<Segment> segments = new ArrayList<>();
    long start = -1;
    for (long at = 0; at <= 1L << 32; at += Bus.GRANULE) {
      boolean isRam = false;
      if (at < 1L << 32) {
        int physical = m.cpu().memory.physical((int) at);
        isRam = physical != -1 && m.bus().isRam(physical);
      }
      if (isRam && start < 0) {
        start = at;
      } else if (!isRam && start >= 0) {
        segments.add(new Segment((int) start, at - start));
        start = -1;
      }
    }
    return segments;
  }

  private static void memory(Machine m, Segment s, FileChannel out, long at) throws IOException {
    for (long done = 0; done < s.size; done += Bus.GRANULE) {
      int physical = m.cpu().memory.physical(s.address + (int) done);
      ByteBuffer granule = ByteBuffer.allocate(Bus.GRANULE).order(ByteOrder.LITTLE_ENDIAN);
      int any = 0;
      for (int i = 0; i < Bus.GRANULE; i += 4) {
        int word = m.bus().read(physical + i, 4);
        any |= word;
        granule.putInt(word);
      }
      if (any != 0) {
        out.write(granule.flip(), at + done);
      }
    }
  }

  private static ByteBuffer notes(Machine m, String name) {
    ByteBuffer notes =
        ByteBuffer.allocate(2 * 20 + STATUS + PROCESS).order(ByteOrder.LITTLE_ENDIAN);
    note(notes, 1, STATUS); // NT_PRSTATUS
    int status = notes.position();
    notes.putInt(SIGTRAP).putInt(0).putInt(0).putShort((short) SIGTRAP);
    notes.position(status + 24);
    notes.putInt(1); // the thread
    notes.position(status + REGISTERS);
    for (int i = 0; i < 16; i++) {
      notes.putInt(m.cpu().register(i));
    }
    notes.putInt(m.cpu().cpsr()).putInt(m.cpu().register(0));
    notes.position(status + STATUS);
    note(notes, 3, PROCESS); // NT_PRPSINFO
    int process = notes.position();
    notes.position(process + 12);
    notes.putInt(1);
    byte[] title = name.substring(name.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
    notes.position(process + 28);
    notes.put(title, 0, Math.min(title.length, 15));
    notes.position(process + 44);
    notes.put(title, 0, Math.min(title.length, 79));
    return notes.position(0);
  }

  private static void note(ByteBuffer notes, int kind, int bytes) {
    notes.putInt(5).putInt(bytes).putInt(kind);
    notes.put("CORE\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
  }
}
