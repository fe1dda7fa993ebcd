package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.curios.lab.guest.Guest;
import org.curios.lab.trial.Bench;
import org.curios.lab.trial.ClientRecords;
import org.curios.machine.Machine;
import org.junit.jupiter.api.Test;

/**
 * Flipped bits in cached blocks of zeros, whose checksums are 0: a read finds and repairs them, and
 * the service does not fault.
 */
class DamagedZerosTest {
  private static final String CLIENT = "svcmet0";
  private static final int FIRST_PAGE = 0x2000;
  private static final int PAGE = 0x1000;
  private static final int WORD = 20;
  private static final int READ = 1;
  private static final int REPETITION = 5;
  private static final long LIMIT = 500_000_000;

  @Test
  void areRepairedByAReadOfTheBlock() {
    try (Bench bench = new Bench("curios", "ssr-packed", CLIENT + ",httpd")) {
      Machine machine = bench.machine();
      while (!isReading(bench) && machine.cpu().now() < LIMIT) {
        bench.go(machine.cpu().now() + 200);
      }
      Guest.View view = bench.view();
      Guest.Obj files = view.object("files");
      List<Integer> zeros = zeros(view, files);
      assertTrue(zeros.size() > 0, "no block of zeros is cached");
      zeros.forEach(at -> {
        int place = view.memory().kept(files, at + WORD);
        machine.bus().write(place, machine.bus().read(place, 4) ^ 1 << 7, 4);
      });
      while (!records(bench).ended() && machine.cpu().now() < LIMIT) {
        bench.go(machine.cpu().now() + 50_000);
      }
      assertTrue(records(bench).ended(), bench::text);
      assertEquals(0, records(bench).errors(), bench::text);
      assertEquals(0, bench.view().object("files").struct().get("restarts"), bench::text);
      assertTrue(
          zeros.stream().anyMatch(at -> isZero(bench.view(), files, at)), "nothing was repaired");
    }
  }

  private static ClientRecords records(Bench bench) {
    Guest.View view = bench.view();
    return view.eventCount() == 0
        ? ClientRecords.NONE
        : ClientRecords.read(view, view.object(CLIENT), Long.MAX_VALUE);
  }

  private static boolean isReading(Bench bench) {
    long count = records(bench).count();
    if (count == 0) {
      return false;
    }
    Guest.View view = bench.view();
    var last = ClientRecords.read(view, view.object(CLIENT), count - 1).last();
    return !last.isEmpty()
        && (last.getLast().call() & 0xff) == view.words().constant("OPERATION_MARK") + READ
        && last.getLast().result() >= REPETITION;
  }

  /** The offsets of pages of the cache that contain zeros only. */
  private static List<Integer> zeros(Guest.View view, Guest.Obj files) {
    int end = (int) files.descriptor().get("kept");
    return IntStream.iterate(FIRST_PAGE, at -> at < end, at -> at + PAGE)
        .filter(at -> isZero(view, files, at))
        .boxed()
        .toList();
  }

  private static boolean isZero(Guest.View view, Guest.Obj files, int page) {
    int place = view.memory().kept(files, page);
    return IntStream.iterate(0, i -> i < PAGE, i -> i + 4)
        .allMatch(i -> view.machine().bus().read(place + i, 4) == 0);
  }
}
