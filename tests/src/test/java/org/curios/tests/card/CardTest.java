package org.curios.tests.card;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.curios.arm.bus.GuestExit;
import org.curios.arm.bus.VirtualClock;
import org.curios.arm.run.Executor.Stop;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.card.Disk;
import org.curios.machine.card.DiskBase;
import org.curios.machine.card.WriteLog;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.snapshot.Snapshot;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that writes and reads its card, on machines that share, fork and go back. */
class CardTest {
  private static final long SIZE = 16 << 20;
  private static final long SECOND = VirtualClock.HZ;

  /** What the guest writes: 8 single blocks and 100 in a row. */
  private static final int WRITES = 108;

  @TempDir private Path folder;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private Machine machine(Disk disk, boolean jit) throws ImageException {
    Machine machine =
        new MachineBuilder()
            .ram(16 << 20)
            .jit(jit)
            .card(disk)
            .console(new PrintStream(output, true))
            .build();
    machine.load(Image.parse("card", Images.elf("card/blocks")));
    return machine;
  }

  private static void runToEnd(Machine machine) {
    GuestExit exit = assertThrows(GuestExit.class, () -> machine.run(SECOND));
    assertEquals(0, exit.status());
  }

  private byte[] content(Disk disk, String name) throws IOException {
    Path file = folder.resolve(name);
    disk.copyTo(file);
    return Files.readAllBytes(file);
  }

  private Path sparse(String name, long bytes) throws IOException {
    Path file = folder.resolve(name);
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.setLength(bytes);
    }
    return file;
  }

  /** A card of 2 GiB is addressed by byte, one of 4 GiB by block. */
  @ParameterizedTest
  @ValueSource(longs = {SIZE, 2L << 30, 4L << 30})
  void isWrittenAndReadAsOnQemu(long bytes) throws Exception {
    Path ours = sparse("ours.img", bytes);
    try (Machine machine = machine(Disk.writeThrough(ours), true)) {
      runToEnd(machine);
      assertEquals(WRITES, machine.card().disk().writes());
    }
    assertTrue(output.toString(US_ASCII).endsWith("0 words differ\n"), output.toString(US_ASCII));
    Peers.needQemu();
    Path theirs = sparse("theirs.img", bytes);
    assertEquals(output.toString(US_ASCII), onQemu(theirs));
    assertEquals(-1, Files.mismatch(window(ours, bytes), window(theirs, bytes)));
  }

  /** The part of an image that the guest writes to. */
  private Path window(Path image, long bytes) throws IOException {
    byte[] part = new byte[1 << 20];
    try (RandomAccessFile f = new RandomAccessFile(image.toFile(), "r")) {
      f.seek(bytes > 2L << 30 ? 5_000_000L * Disk.BLOCK : 1000 * Disk.BLOCK);
      f.readFully(part);
    }
    return Files.write(folder.resolve(image.getFileName() + ".part"), part);
  }

  private String onQemu(Path card) throws Exception {
    Path elf = Files.write(folder.resolve("card.elf"), Images.elf("card/blocks"));
    Process qemu =
        new ProcessBuilder(
                List.of(
                    "qemu-system-arm",
                    "-M",
                    "versatilepb",
                    "-nographic",
                    "-monitor",
                    "none",
                    "-audiodev",
                    "none,id=none",
                    "-semihosting-config",
                    "enable=on,target=native",
                    "-kernel",
                    elf.toString(),
                    "-drive",
                    "if=sd,format=raw,file=" + card))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(folder.resolve("qemu.txt").toFile())
            .start();
    if (!qemu.waitFor(60, TimeUnit.SECONDS)) {
      qemu.destroyForcibly().waitFor();
    }
    return Files.readString(folder.resolve("qemu.txt"), US_ASCII);
  }

  /** A machine that goes back has the card of that time; so has the file that it writes. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void goesBackWithTheMachine(boolean writesThrough) throws Exception {
    Path file = sparse("card.img", SIZE);
    Disk disk = writesThrough ? Disk.writeThrough(file) : new Disk(DiskBase.of(file));
    try (Machine machine = machine(disk, false)) {
      Snapshot start = machine.snapshot();
      assertEquals(Stop.WATCHPOINT, machine.runToCardWrite(5, SECOND));
      Snapshot early = machine.snapshot();
      byte[] then = content(disk, "early");
      assertEquals(Stop.WATCHPOINT, machine.runToCardWrite(60, SECOND));
      Snapshot later = machine.snapshot();
      assertTrue(later.bytes() - early.bytes() < 100 * Disk.BLOCK + 64 * 1024, "changes only");
      runToEnd(machine);
      byte[] end = content(disk, "end");
      machine.restore(early);
      assertEquals(5, disk.writes());
      assertArrayEquals(then, content(disk, "again"));
      assertTrue(machine.isAt(early));
      if (writesThrough) {
        assertArrayEquals(then, Files.readAllBytes(file));
      }
      disk.write(9, java.util.Arrays.copyOf(new byte[] {1}, Disk.BLOCK));
      assertFalse(machine.isAt(early), "another block has been written");
      machine.restore(later);
      runToEnd(machine);
      assertArrayEquals(end, content(disk, "end2"));
      machine.restore(start);
      assertArrayEquals(new byte[(int) SIZE], content(disk, "start"));
    }
    assertArrayEquals(new byte[(int) SIZE], Files.readAllBytes(file));
  }

  /** A fork is another machine over the same base; what they write is their own. */
  @Test
  void forksHaveCardsOfTheirOwn() throws Exception {
    try (DiskBase base = DiskBase.of(sparse("card.img", SIZE));
        Machine first = machine(new Disk(base), false);
        Machine second = machine(new Disk(base), false)) {
      first.runToCardWrite(20, SECOND);
      second.restore(first.snapshot());
      byte[] atFork = content(first.card().disk(), "first");
      assertArrayEquals(atFork, content(second.card().disk(), "second"));
      runToEnd(second);
      assertArrayEquals(atFork, content(first.card().disk(), "unchanged"));
      runToEnd(first);
      assertArrayEquals(
          content(first.card().disk(), "end1"), content(second.card().disk(), "end2"));
    }
  }

  /** The file of a snapshot has what was written, over a base that must be the same. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void travelsInSnapshotFiles(boolean writesThrough) throws Exception {
    Path file = sparse("card.img", SIZE);
    Path snap = folder.resolve("a.snap");
    byte[] then;
    byte[] end;
    try (Machine machine = machine(open(file, writesThrough), false)) {
      machine.snapshot();
      machine.runToCardWrite(30, SECOND);
      Snapshot snapshot = machine.snapshot();
      then = content(machine.card().disk(), "then");
      runToEnd(machine);
      end = content(machine.card().disk(), "end");
      machine.write(snapshot, snap);
      machine.restore(machine.read(snap));
      assertArrayEquals(then, content(machine.card().disk(), "same"));
      runToEnd(machine);
      machine.write(snapshot, snap);
    }
    try (Machine machine = machine(open(file, writesThrough), false)) {
      machine.restore(machine.read(snap));
      assertArrayEquals(then, content(machine.card().disk(), "other"));
      runToEnd(machine);
      assertArrayEquals(end, content(machine.card().disk(), "other end"));
    }
    refuses(null, snap, "with a card");
    refuses(new Disk(DiskBase.zeros(SIZE)), snap, "another card");
    Files.write(file, new byte[] {1}, StandardOpenOption.WRITE);
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    refuses(open(file, writesThrough), snap, "as it was then");
  }

  private void refuses(Disk disk, Path snapshot, String why) throws ImageException {
    try (Machine machine = machine(disk, false)) {
      ImageException e = assertThrows(ImageException.class, () -> machine.read(snapshot));
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }

  private static Disk open(Path file, boolean writesThrough) throws IOException {
    return writesThrough ? Disk.writeThrough(file) : new Disk(DiskBase.of(file));
  }

  /** The power fails after any write: the disk holds what was written up to there, and no more. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopsAtEachWrite(boolean jit) throws Exception {
    Disk whole = new Disk(DiskBase.zeros(SIZE));
    WriteLog log = new WriteLog(whole);
    try (Machine machine = machine(whole, false)) {
      runToEnd(machine);
    }
    assertEquals(WRITES, log.writes().size());
    Disk disk = new Disk(DiskBase.zeros(SIZE));
    try (Machine machine = machine(disk, jit)) {
      long before = 0;
      for (int i = 1; i <= WRITES; i++) {
        assertEquals(Stop.WATCHPOINT, machine.runToCardWrite(i, SECOND));
        assertEquals(i, disk.writes());
        assertTrue(machine.cpu().now() > before);
        before = machine.cpu().now();
        if (i % 27 == 0) {
          Path cut = folder.resolve("cut" + i);
          log.copyTo(cut, i);
          assertArrayEquals(Files.readAllBytes(cut), content(disk, "disk" + i));
        }
      }
      runToEnd(machine);
    }
  }

  /** A reset of the board leaves the card as it is, in the slot or out of it. */
  @Test
  void outlivesAReset() throws Exception {
    Disk disk = new Disk(DiskBase.zeros(SIZE));
    try (Machine machine = machine(disk, false)) {
      assertEquals(1, machine.bus().read(0x10000048, 4), "SYS_MCI");
      machine.runToCardWrite(3, SECOND);
      byte[] then = content(disk, "then");
      machine.setCardInserted(false);
      assertEquals(0, machine.bus().read(0x10000048, 4));
      machine.bus().write(0x10000020, 0xa05f, 4);
      machine.bus().write(0x10000040, 0x100, 4);
      machine.run(machine.cpu().now() + 1000);
      assertEquals(0, machine.bus().read(0x10000048, 4));
      assertEquals(3, disk.writes());
      assertArrayEquals(then, content(disk, "after"));
    }
    try (Machine machine = machine(Disk.writeProtected(DiskBase.zeros(SIZE)), false)) {
      assertEquals(5, machine.bus().read(0x10000048, 4), "CARDIN0 and WPROT0");
    }
  }
}
