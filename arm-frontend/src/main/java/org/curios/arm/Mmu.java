package org.curios.arm;

/**
 * The translation of the ARMv5 MMU (ARM DDI 0100, B4): sections, coarse and fine tables, large,
 * small and tiny pages, domains, access permissions with the S and R bits. Stateless: reads the
 * tables in memory at each walk.
 */
final class Mmu {
  /** Fault status codes (ARM DDI 0100, B4.6.2), the domain goes into bits 4 to 7. */
  static final int ALIGNMENT = 0x1;

  static final int EXTERNAL_SECTION = 0x8;
  static final int EXTERNAL_PAGE = 0xa;
  private static final int TRANSLATION_SECTION = 0x5;
  private static final int TRANSLATION_PAGE = 0x7;
  private static final int DOMAIN_SECTION = 0x9;
  private static final int DOMAIN_PAGE = 0xb;
  private static final int PERMISSION_SECTION = 0xd;
  private static final int PERMISSION_PAGE = 0xf;
  private static final int EXTERNAL_TABLE_1 = 0xc;
  private static final int EXTERNAL_TABLE_2 = 0xe;

  /** Where a walk has ended; filled by {@link #walk}, one for each processor. */
  int physical;

  /** Domain of the page; 0 while the MMU is off. */
  int domain;

  /** Size of the page as a power of two: 10, 12, 16 or 20. */
  int shift;

  boolean readable;
  boolean writable;

  /** Fault status if the access is refused, else 0. */
  int status;

  private final Bus bus;
  private final Cp15 cp15;

  Mmu(Bus bus, Cp15 cp15) {
    this.bus = bus;
    this.cp15 = cp15;
  }

  /** Returns whether a status is a refusal behind a translation that has succeeded. */
  static boolean isTranslated(int status) {
    int code = status & 15;
    return code == DOMAIN_SECTION
        || code == DOMAIN_PAGE
        || code == PERMISSION_SECTION
        || code == PERMISSION_PAGE;
  }

  /**
   * Translates a modified virtual address for a privilege.
   *
   * @param mva address after the fast context switch extension
   * @return whether there is a translation with at least the right to {@code write} or read; else
   *     {@link #status} says why not
   */
  boolean walk(int mva, boolean privileged, boolean write) {
    status = 0;
    if (!cp15.mmuEnabled()) {
      physical = mva;
      domain = 0;
      shift = 20;
      readable = true;
      writable = true;
      return true;
    }
    int first = cp15.translationTableBase() & 0xffffc000 | mva >>> 20 << 2;
    if (!bus.isRam(first)) {
      return fault(EXTERNAL_TABLE_1);
    }
    int descriptor = bus.read(first, 4);
    domain = descriptor >>> 5 & 15;
    int ap;
    boolean section = false;
    switch (descriptor & 3) {
      case 1 -> {
        int second = descriptor & 0xfffffc00 | (mva >>> 12 & 0xff) << 2;
        ap = page(second, mva);
      }
      case 2 -> {
        section = true;
        shift = 20;
        physical = descriptor & 0xfff00000 | mva & 0xfffff;
        ap = descriptor >>> 10 & 3;
      }
      case 3 -> {
        int second = descriptor & 0xfffff000 | (mva >>> 10 & 0x3ff) << 2;
        ap = page(second, mva);
      }
      default -> {
        return fault(TRANSLATION_SECTION);
      }
    }
    if (status != 0) {
      return false;
    }
    switch (cp15.domainAccess() >>> 2 * domain & 3) {
      case 1 -> permit(ap, privileged);
      case 3 -> {
        readable = true;
        writable = true;
      }
      default -> {
        return fault(domain << 4 | (section ? DOMAIN_SECTION : DOMAIN_PAGE));
      }
    }
    if (write ? !writable : !readable) {
      return fault(domain << 4 | (section ? PERMISSION_SECTION : PERMISSION_PAGE));
    }
    return true;
  }

  /** Reads a second-level descriptor: sets the page and returns its access permission. */
  private int page(int address, int mva) {
    if (!bus.isRam(address)) {
      fault(domain << 4 | EXTERNAL_TABLE_2);
      return 0;
    }
    int descriptor = bus.read(address, 4);
    switch (descriptor & 3) {
      case 1 -> {
        shift = 16;
        physical = descriptor & 0xffff0000 | mva & 0xffff;
        return descriptor >>> 4 + 2 * (mva >>> 14 & 3) & 3;
      }
      case 2 -> {
        shift = 12;
        physical = descriptor & 0xfffff000 | mva & 0xfff;
        return descriptor >>> 4 + 2 * (mva >>> 10 & 3) & 3;
      }
      case 3 -> {
        shift = 10;
        physical = descriptor & 0xfffffc00 | mva & 0x3ff;
        return descriptor >>> 4 & 3;
      }
      default -> {
        fault(domain << 4 | TRANSLATION_PAGE);
        return 0;
      }
    }
  }

  /** Access permissions (ARM DDI 0100, table B4-1). */
  private void permit(int ap, boolean privileged) {
    switch (ap) {
      case 0 -> {
        boolean system = cp15.systemProtection();
        boolean rom = cp15.romProtection();
        readable = system && !rom ? privileged : rom && !system;
        writable = false;
      }
      case 1 -> {
        readable = privileged;
        writable = privileged;
      }
      case 2 -> {
        readable = true;
        writable = privileged;
      }
      default -> {
        readable = true;
        writable = true;
      }
    }
  }

  private boolean fault(int code) {
    status = code;
    readable = false;
    writable = false;
    return false;
  }
}
