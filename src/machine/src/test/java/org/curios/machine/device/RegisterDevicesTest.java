package org.curios.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Expected values: PL041 ARM DDI 0173, PL131 ARM DDI 0228, PL093 ARM DDI 0236, GX175 ARM DDI 0277;
 * PCI and character display: ARM DUI 0224, 4.16 and 4.5.
 */
class RegisterDevicesTest {
  @Test
  void identifyThemselves() {
    Identification.check(RegisterDevices.pl041(), 0x041);
    Identification.check(RegisterDevices.pl131(), 0x131);
    Identification.check(RegisterDevices.pl093(), 0x093);
    Identification.check(RegisterDevices.gx175(), 0x175);
  }

  /** What their software looks at first: FIFOs are empty, and the display is ready. */
  @Test
  void areIdleAfterReset() {
    assertEquals(0xb, RegisterDevices.pl041().read(0x08, 4), "AACISR");
    assertEquals(0xa, RegisterDevices.pl131().read(0x80, 4), "SCIFIFOSTATUS");
    assertEquals(0xf, RegisterDevices.pl093().read(0x00, 4), "SMBIDCYR0");
    assertEquals(0x5, RegisterDevices.gx175().read(0x04, 4), "MPMCStatus");
    assertEquals(1, RegisterDevices.characterLcd().read(0x0c, 4), "CHAR_RD: the access is done");
  }

  /** Each bank of the static memory controller has registers of its own. */
  @Test
  void staticMemoryHasEightBanks() {
    RegisterBank controller = RegisterDevices.pl093();
    for (int i = 0; i < 8; i++) {
      controller.write(0x20 * i + 4, i, 4);
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(i, controller.read(0x20 * i + 4, 4));
      assertEquals(0x1f, controller.read(0x20 * i + 8, 4));
    }
  }

  @Test
  void writableBitsAreKeptAndOthersAreNot() throws IOException {
    RegisterBank bank = new RegisterBank(null).with(8, 0xf0, 0x0a);
    bank.write(8, 0xffff, 4);
    bank.write(12, 5, 4);
    assertEquals(0xfa, bank.read(8, 4));
    assertEquals(0, bank.read(12, 4));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bank.save(new DataOutputStream(bytes));
    RegisterBank other = new RegisterBank(null).with(8, 0xf0, 0x0a).with(4, -1, 0);
    other.write(4, 1, 4);
    other.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertEquals(0xfa, other.read(8, 4));
    assertEquals(0, other.read(4, 4));
  }

  /** The controller is in its slot, and in no other; nothing is on the bus. */
  @Test
  void pciHasAControllerAndNobodyElse() {
    PciBridge.OwnConfiguration own = new PciBridge.OwnConfiguration();
    assertEquals(0x030010ee, own.read(11 << 11, 4));
    assertEquals(0x0b400000, own.read((11 << 11) + 8, 4));
    assertEquals(0x0300, own.read((11 << 11) + 2, 2));
    assertEquals(-1, own.read(29 << 11, 4));
    own.write((11 << 11) + 0x10, -1, 4);
    assertEquals(0xf0000000, own.read((11 << 11) + 0x10, 4));
    PciBridge.Empty empty = new PciBridge.Empty();
    assertEquals(0xffff, empty.read(0, 2));
    assertEquals(0xff, empty.read(0, 1));
  }

  @Test
  void elsewhereTellsEachPlaceOnce() {
    List<String> told = new ArrayList<>();
    var device = new Elsewhere(told::add).device();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, device.read(0x20000000, 4));
      device.write(0x20000000, 1, 4);
      device.write(0x20000001, 1, 1);
    }
    assertEquals(
        List.of(
            "no device at 20000000: read of 4 bytes gives 0",
            "no device at 20000000: write of 4 bytes ignored"),
        told);
    for (int i = 0; i < 4000; i += 4) {
      device.read(0x30000000 + i, 4);
    }
    assertEquals("no device at 1000 places: the others are not reported", told.getLast());
    assertEquals(1001, told.size());
  }
}
