package org.curios.tests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.curios.arm.bus.Bus;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.snapshot.Snapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine put back to a snapshot runs on as it did before, to the last bit. */
class SnapshotTest {
  private static final long EARLY = 2_000_000;
  private static final long MIDDLE = 3_000_000;
  private static final long LATE = 4_000_000;

  @TempDir private Path folder;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private Machine boot(boolean jit, int ram) throws ImageException {
    Machine machine =
        new MachineBuilder().jit(jit).ram(ram).console(new PrintStream(output, true)).build();
    machine.load(Image.parse("curios", Images.elf("curios")));
    return machine;
  }

  /** A sum over registers, status, tick and the RAM that the guest uses. */
  private static long state(Machine machine) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    machine.cpu().save(new java.io.DataOutputStream(bytes));
    CRC32C sum = new CRC32C();
    sum.update(bytes.toByteArray());
    for (int i = 0; i < (2 << 20) / Bus.GRANULE; i++) {
      sum.update(machine.bus().granule(i));
    }
    return sum.getValue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void goesOnAsBefore(boolean jit) throws Exception {
    try (Machine machine = boot(jit, 64 << 20)) {
      machine.run(EARLY);
      Snapshot early = machine.snapshot();
      machine.run(MIDDLE);
      long middle = state(machine);
      Snapshot second = machine.snapshot();
      machine.run(LATE);
      long late = state(machine);
      byte[] text = output.toByteArray();
      for (Snapshot from : new Snapshot[] {early, second, early}) {
        output.reset();
        machine.restore(from);
        assertEquals(from.tick(), machine.cpu().now());
        machine.run(MIDDLE);
        assertEquals(middle, state(machine));
        machine.run(LATE);
        assertEquals(late, state(machine));
        assertTrue(new String(text, US_ASCII).endsWith(output.toString(US_ASCII)));
      }
      assertTrue(second.bytes() < early.bytes(), "only what was written since");
    }
  }

  /** What an index finds at once is what a walk along the snapshots finds. */
  @Test
  void anIndexSaysTheSame() throws Exception {
    List<List<Snapshot>> both = new ArrayList<>();
    for (boolean indexed : new boolean[] {false, true}) {
      try (Machine machine = boot(false, 64 << 20)) {
        List<Snapshot> all = new ArrayList<>();
        for (long tick = EARLY; tick <= LATE; tick += 200_000) {
          machine.run(tick);
          all.add(machine.snapshot());
          if (indexed) {
            all.get(all.size() - 1).makeIndex();
          }
        }
        both.add(all);
      }
    }
    int granules = (64 << 20) / Bus.GRANULE;
    for (int i = 0; i < both.get(0).size(); i++) {
      Snapshot plain = both.get(0).get(i);
      Snapshot indexed = both.get(1).get(i);
      for (int g = 0; g < granules; g++) {
        assertArrayEquals(plain.granule(g), indexed.granule(g), "granule " + g);
      }
      BitSet differs = indexed.differences(both.get(1).get(0));
      BitSet mayDiffer = plain.differences(both.get(0).get(0));
      for (int g = 0; g < granules; g++) {
        boolean same = Arrays.equals(plain.granule(g), both.get(0).get(0).granule(g));
        assertTrue(same || differs.get(g) && mayDiffer.get(g), "granule " + g);
      }
      assertTrue(differs.cardinality() <= mayDiffer.cardinality(), "no more than a walk finds");
    }
  }

  @Test
  void anIndexOfBlocksSaysTheSame() {
    Random random = new Random(11);
    List<Snapshot> plain = new ArrayList<>();
    List<Snapshot> indexed = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Map<Long, byte[]> written = new HashMap<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        long number = random.nextInt(300) + (random.nextBoolean() ? 1L << 40 : 0);
        written.put(number, new byte[] {(byte) random.nextInt(3)});
      }
      plain.add(blocks(plain, written));
      indexed.add(blocks(indexed, written));
      indexed.get(i).makeIndex();
    }
    for (int i = 0; i < plain.size(); i++) {
      int other = random.nextInt(plain.size());
      Snapshot from = plain.get(i);
      Snapshot to = plain.get(other);
      Set<Long> differ = new HashSet<>();
      Set<Long> mayDiffer = from.blockDifferences(to);
      for (long number : mayDiffer) {
        assertArrayEquals(from.block(number), indexed.get(i).block(number));
        if (!Arrays.equals(from.block(number), to.block(number))) {
          differ.add(number);
        }
      }
      Set<Long> found = indexed.get(i).blockDifferences(indexed.get(other));
      assertTrue(found.containsAll(differ), "all that differ");
      assertTrue(mayDiffer.containsAll(found), "no more than a walk finds");
    }
  }

  private static Snapshot blocks(List<Snapshot> before, Map<Long, byte[]> written) {
    Snapshot last = before.isEmpty() ? null : before.get(before.size() - 1);
    return new Snapshot(last, before.size(), new HashMap<>(), written, new byte[0], null);
  }

  @Test
  void stopsDoNotChangeTheRun() throws Exception {
    long whole;
    try (Machine machine = boot(false, 64 << 20)) {
      machine.run(LATE);
      whole = state(machine);
    }
    try (Machine machine = boot(false, 64 << 20)) {
      for (long tick = 0; tick <= LATE; tick += 333_333) {
        machine.run(Math.min(tick, LATE));
        machine.snapshot();
      }
      machine.run(LATE);
      assertEquals(whole, state(machine));
    }
  }

  @Test
  void travelsInFiles() throws Exception {
    Path file = folder.resolve("a.snap");
    long late;
    try (Machine machine = boot(false, 64 << 20)) {
      machine.run(EARLY);
      machine.snapshot();
      machine.run(MIDDLE);
      machine.write(machine.snapshot(), file);
      machine.run(LATE);
      late = state(machine);
    }
    try (Machine machine = boot(false, 64 << 20)) {
      machine.restore(machine.read(file));
      assertEquals(MIDDLE, machine.cpu().now());
      machine.run(LATE);
      assertEquals(late, state(machine));
    }
    try (Machine machine = boot(false, 32 << 20)) {
      assertThrows(ImageException.class, () -> machine.read(file));
    }
    assertEquals(List.of("a.snap"), List.of(folder.toFile().list()), "nothing else is left");
    byte[] bytes = Files.readAllBytes(file);
    try (Machine machine = boot(false, 64 << 20)) {
      for (int i = 0; i < bytes.length; i += Math.max(1, bytes.length / 12)) {
        byte[] damaged = bytes.clone();
        damaged[i] ^= 0x10;
        Files.write(file, damaged);
        assertThrows(ImageException.class, () -> machine.read(file));
        Files.write(file, Arrays.copyOf(bytes, i));
        assertThrows(ImageException.class, () -> machine.read(file));
      }
      assertThrows(ImageException.class, () -> machine.read(folder.resolve("none")));
    }
  }

  @Test
  void anotherImageIsRefused() throws Exception {
    Path file = folder.resolve("b.snap");
    try (Machine machine = boot(false, 64 << 20)) {
      machine.run(EARLY);
      machine.write(machine.snapshot(), file);
    }
    try (Machine machine = new MachineBuilder().jit(false).ram(64 << 20).build()) {
      machine.load(Image.parse("sieve", Images.elf("bench/sieve")));
      ImageException e = assertThrows(ImageException.class, () -> machine.read(file));
      assertTrue(e.getMessage().contains("another image"), e.getMessage());
    }
  }
}
