package org.curios.machine.device;

/** The devices of the board that are modelled by their registers alone. */
public final class RegisterDevices {
  private RegisterDevices() {}

  /**
   * Audio codec interface PL041 (ARM DDI 0173): one channel with a FIFO of 512, as its
   * identification says, which is always ready and sends nowhere.
   */
  public static RegisterBank pl041() {
    RegisterBank bank = new RegisterBank(new PrimeCellId(0x41, 0x10, 0x04, 0x29));
    bank.with(0x00, 0x1fffffff, 0).with(0x04, 0x1fffffff, 0); // AACIRXCR, AACITXCR
    bank.with(0x08, 0, 0xb).with(0x10, 0x7f, 0); // AACISR: both FIFOs are empty; AACIIE
    for (int slot = 0x54; slot <= 0x64; slot += 8) {
      bank.with(slot, 0xfffff, 0); // AACISLxTX of slots 1, 2 and 12
    }
    return bank.with(0x68, 0, 0xa80) // AACISLFR: the transmit slots are empty
        .with(0x70, 0x1ff, 0) // AACISLIEN
        .with(0x78, 0x7fff, 0) // AACIMAINCR
        .with(0x7c, 1, 0) // AACIRESET
        .with(0x80, 1, 0); // AACISYNC
  }

  /** Smart card interface PL131 (ARM DDI 0228) without a card. */
  public static RegisterBank pl131() {
    return new RegisterBank(new PrimeCellId(0x31, 0x11, 0x04, 0x00))
        .with(0x04, 0xff, 0) // SCICR0
        .with(0x08, 0x3f, 0)
        .with(0x10, 0xffff, 0) // SCICLKICC
        .with(0x14, 0xffff, 0)
        .with(0x18, 0x7, 0)
        .with(0x1c, 0xff, 0) // SCITIDE
        .with(0x28, 0xffff, 0)
        .with(0x2c, 0xffff, 0)
        .with(0x6c, 0x7fff, 0) // SCIIMSC
        .with(0x80, 0, 0xa); // SCIFIFOSTATUS: both are empty
  }

  /** Static memory controller PL093 (ARM DDI 0236): eight banks with their timing. */
  public static RegisterBank pl093() {
    RegisterBank bank = new RegisterBank(new PrimeCellId(0x93, 0x10, 0x04, 0x00));
    for (int i = 0; i < 8; i++) {
      int base = 0x20 * i;
      bank.with(base, 0xf, 0xf); // SMBIDCYR
      bank.with(base + 0x04, 0x1f, 0x1f).with(base + 0x08, 0x1f, 0x1f); // SMBWSTRDR, SMBWSTWRR
      bank.with(base + 0x0c, 0xf, 0x2).with(base + 0x10, 0xf, 0x1); // SMBWSTOENR, SMBWSTWENR
      bank.with(base + 0x14, 0x3fffff, 0x303020); // SMBCR: 32 bits
      bank.with(base + 0x1c, 0x1f, 0x1f); // SMBWSTBRDR
    }
    return bank.with(0x204, 3, 0x1); // SSMCCR
  }

  /** Dynamic memory controller GX175 (ARM DDI 0277); the processor does not depend on it. */
  public static RegisterBank gx175() {
    RegisterBank bank = new RegisterBank(new PrimeCellId(0x75, 0x11, 0x04, 0x00));
    bank.with(0x00, 5, 1).with(0x04, 0, 0x5).with(0x08, 0x101, 0); // control, status, configuration
    bank.with(0x20, 0x7fff, 0x6).with(0x24, 0x7ff, 0).with(0x28, 0x3, 0); // dynamic control
    for (int at = 0x30; at <= 0x58; at += 4) {
      bank.with(at, 0x1f, 0xf); // timing
    }
    for (int i = 0; i < 4; i++) {
      bank.with(0x100 + 0x20 * i, 0x1fff98, 0).with(0x104 + 0x20 * i, 0x783, 0x303);
    }
    return bank;
  }

  /** Character display interface of the board (ARM DUI 0224, 4.5): each access is done at once. */
  public static RegisterBank characterLcd() {
    return new RegisterBank(null).with(0x0c, 0, 1).with(0x10, 1, 0);
  }
}
