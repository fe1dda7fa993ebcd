package org.curios.tests.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.curios.kernel.Images;
import org.curios.machine.MachineBuilder;
import org.curios.machine.net.Station;
import org.curios.machine.net.Switch;
import org.curios.tests.Peers;
import org.curios.tests.differential.Qemu;
import org.junit.jupiter.api.Test;

/** A guest program sees the same of the controller as on QEMU. */
class ProbeTest {
  /**
   * MIR counts free memory (data sheet, 8.10), and TX EMPTY INT stays away once it is acknowledged
   * (8.21); QEMU 7.2 counts memory in use, and has the bit while the FIFO is empty.
   */
  private static final Pattern DIFFERENT = Pattern.compile(" *(memory|free|acknowledged) .*");

  private static final byte[] STATION = {0x52, 0x55, 10, 0, 2, 2};

  /** Answers requests for the address 10.0.2.2 (RFC 826). */
  private static void answer(long tick, byte[] frame, Station.Outlet outlet) {
    byte[] answer = frame.clone();
    System.arraycopy(frame, 6, answer, 0, 6);
    System.arraycopy(STATION, 0, answer, 6, 6);
    answer[21] = 2;
    System.arraycopy(frame, 22, answer, 32, 10);
    System.arraycopy(STATION, 0, answer, 22, 6);
    System.arraycopy(frame, 38, answer, 28, 4);
    outlet.send(answer);
  }

  private static String comparable(String text) {
    return text.lines()
        .filter(l -> !DIFFERENT.matcher(l).matches())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void printsWhatItPrintsOnQemu() throws Exception {
    Peers.needQemu();
    Switch lan = new Switch();
    lan.add(ProbeTest::answer);
    String here;
    try (Echo probe = new Echo("probe", new MachineBuilder().net(lan))) {
      here = probe.run();
    }
    String there = new String(Qemu.run(Images.elf("ethernet/probe"), 60), US_ASCII);
    assertEquals(comparable(there), comparable(here));
    assertEquals(
        "memory 00000404, free 00000003, free 00000002, free 00000001, free 00000000, free 00000004, "
            + "acknowledged 00000000, free 00000004",
        here.lines()
            .filter(l -> DIFFERENT.matcher(l).matches())
            .map(String::strip)
            .collect(Collectors.joining(", ")));
  }
}
