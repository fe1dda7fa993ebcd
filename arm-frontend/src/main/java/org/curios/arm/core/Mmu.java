package org.curios.arm.core;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.bus.Bus;

/**
 * The walk of the page tables of the ARMv5 MMU (ARM DDI 0100, B4): sections, coarse and fine
 * tables, large, small and tiny pages, domains, access permissions with the S and R bits. It reads
 * the tables in memory each time, and records the steps of the last walk for explanations.
 */
public final class Mmu {
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

  /** Kinds of first-level descriptors by their two low bits; 0 is none. */
  static final int COARSE_TABLE = 1;

  private static final int SECTION = 2;
  private static final int FINE_TABLE = 3;

  /** Kinds of second-level descriptors by their two low bits; 0 is none. */
  private static final int LARGE_PAGE = 1;

  static final int SMALL_PAGE = 2;
  private static final int TINY_PAGE = 3;

  /** What a domain allows: nothing, accesses by the permissions of the page, or all accesses. */
  public static final int CLIENT = 1;

  public static final int MANAGER = 3;

  /**
   * Permission bits that grant everything, and a value for a closed domain, which grants nothing.
   */
  private static final int ALL = 3;

  private static final int CLOSED = -1;

  /** Rights of a mode, each including the previous ones. */
  static final int NO_ACCESS = 0;

  static final int READ = 1;
  static final int READ_WRITE = 2;

  /** The result of the last walk. */
  int physical;

  /** Size of the page as a power of two: 10, 12, 16 or 20. */
  int shift;

  /** Rights of the mode that the walk has found. */
  boolean readable;

  boolean writable;

  /** Fault status if the access is refused, otherwise 0. */
  int status;

  private boolean enabled;
  private int mva;
  private int firstAddress;
  private int first;
  private int secondAddress;
  private int second;
  private int permission;
  private final Bus bus;
  private final Cp15 cp15;

  /**
   * Makes a walker.
   *
   * @param bus the memory that holds the tables
   * @param cp15 the base of the tables, and the domains
   */
  public Mmu(Bus bus, Cp15 cp15) {
    this.bus = bus;
    this.cp15 = cp15;
  }

  // ---- the format of the tables

  /** Returns the address of the first-level descriptor of a modified virtual address. */
  static int firstLevel(int tableBase, int mva) {
    return tableBase & 0xffffc000 | mva >>> 20 << 2;
  }

  /** Returns the address of the second-level descriptor in a coarse table. */
  static int inCoarse(int first, int mva) {
    return first & 0xfffffc00 | (mva >>> 12 & 0xff) << 2;
  }

  private static int inFine(int first, int mva) {
    return first & 0xfffff000 | (mva >>> 10 & 0x3ff) << 2;
  }

  /** Returns the domain of a first-level descriptor. */
  static int domain(int first) {
    return first >>> 5 & 15;
  }

  /** Returns the physical address in the descriptor of a page or section. */
  static int inPage(int descriptor, int shift, int mva) {
    return descriptor & -1 << shift | mva & ~(-1 << shift);
  }

  /** Returns the permission bits of the subpage of a small page. */
  static int smallPermission(int second, int mva) {
    return subpage(second, mva >>> 10);
  }

  private static int subpage(int second, int number) {
    return second >>> 4 + 2 * (number & 3) & 3;
  }

  /** Returns the access rights of a domain. */
  static int domainAccess(int register, int domain) {
    return register >>> 2 * domain & 3;
  }

  /**
   * Returns the effective permission bits: those of the page in a client domain, all rights in a
   * manager domain; negative in a closed one.
   *
   * @param access what the domain allows
   */
  static int effective(int access, int permission) {
    return access == CLIENT ? permission : access == MANAGER ? ALL : CLOSED;
  }

  /**
   * Returns the rights of a mode by permission bits that grant any (ARM DDI 0100, table B4-1): 1 to
   * 3.
   */
  static int rights(int permission, boolean privileged) {
    return privileged ? READ_WRITE : permission - 1;
  }

  /** Returns the rights of a mode by any permission bits, with the S and R bits. */
  private int allRights(int bits, boolean privileged) {
    if (bits > 0) {
      return rights(bits, privileged);
    }
    boolean s = cp15.systemProtection();
    boolean r = cp15.romProtection();
    boolean reads = s && !r && privileged || r && !s;
    return bits == 0 && reads ? READ : NO_ACCESS;
  }

  // ---- the walk

  /**
   * Translates a modified virtual address for a privilege.
   *
   * @param address after the fast context switch extension
   * @return whether there is a translation with at least the right to {@code write} or read;
   *     otherwise {@link #status} says why not
   */
  public boolean walk(int address, boolean privileged, boolean write) {
    if (!translate(address)) {
      readable = false;
      writable = false;
      return false;
    }
    int access = domainAccess();
    int rights = enabled ? allRights(effective(access, permission), privileged) : READ_WRITE;
    readable = rights >= READ;
    writable = rights >= READ_WRITE;
    if (write ? writable : readable) {
      return true;
    }
    boolean closed = access != CLIENT;
    status =
        domain(first) << 4
            | (isSection()
                ? closed ? DOMAIN_SECTION : PERMISSION_SECTION
                : closed ? DOMAIN_PAGE : PERMISSION_PAGE);
    return false;
  }

  /**
   * Translates a modified virtual address regardless of rights.
   *
   * @return whether there is a translation; otherwise {@link #status} says why not
   */
  public boolean translate(int address) {
    mva = address;
    status = 0;
    enabled = cp15.mmuEnabled();
    if (!enabled) {
      first = 0;
      physical = address;
      shift = 20;
      return true;
    }
    firstAddress = firstLevel(cp15.translationTableBase(), address);
    if (!bus.isRam(firstAddress)) {
      return fault(EXTERNAL_TABLE_1);
    }
    first = bus.read(firstAddress, 4);
    switch (first & 3) {
      case COARSE_TABLE -> {
        return page(inCoarse(first, address));
      }
      case SECTION -> {
        found(first, 20, first >>> 10 & 3);
        return true;
      }
      case FINE_TABLE -> {
        return page(inFine(first, address));
      }
      default -> {
        return fault(TRANSLATION_SECTION);
      }
    }
  }

  /**
   * Translates an address by a coarse table, which need not be in use, regardless of rights.
   *
   * @param table physical address of the table
   * @return whether there is a page
   */
  public boolean translate(int table, int address) {
    mva = address;
    status = 0;
    enabled = true;
    first = table | COARSE_TABLE;
    return page(inCoarse(first, address));
  }

  private boolean page(int address) {
    secondAddress = address;
    if (!bus.isRam(address)) {
      return fault(domain(first) << 4 | EXTERNAL_TABLE_2);
    }
    second = bus.read(address, 4);
    switch (second & 3) {
      case LARGE_PAGE -> found(second, 16, subpage(second, mva >>> 14));
      case SMALL_PAGE -> found(second, 12, smallPermission(second, mva));
      case TINY_PAGE -> found(second, 10, subpage(second, 0));
      default -> {
        return fault(domain(first) << 4 | TRANSLATION_PAGE);
      }
    }
    return true;
  }

  private void found(int descriptor, int size, int bits) {
    shift = size;
    permission = bits;
    physical = inPage(descriptor, size, mva);
  }

  /**
   * Returns the size of the aligned range around the address that was walked last that has its
   * translation and rights: 16 KiB of a section, 4 KiB of a page; 0 if that may have several.
   */
  int uniform() {
    boolean isOne =
        shift == 16 || shift == 12 && subpage(second, 0) * 0x55 == (second >>> 4 & 0xff);
    return shift == 20 ? 1 << 14 : isOne ? 1 << 12 : 0;
  }

  private boolean fault(int code) {
    status = code;
    return false;
  }

  private boolean isSection() {
    return (first & 3) == SECTION;
  }

  // ---- to explain the last walk

  /**
   * A step of the walk.
   *
   * @param level 1 or 2
   * @param address physical address of the descriptor
   * @param descriptor its value, or null if it is not in RAM
   * @param kind what the descriptor is
   */
  public record Step(int level, int address, Integer descriptor, String kind) {}

  /** Returns whether the MMU was on. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Returns the steps of the last walk. */
  public List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    if (!enabled) {
      return steps;
    }
    if (status == EXTERNAL_TABLE_1) {
      steps.add(new Step(1, firstAddress, null, ""));
      return steps;
    }
    steps.add(new Step(1, firstAddress, first, firstKind()));
    if ((first & 3) == COARSE_TABLE || (first & 3) == FINE_TABLE) {
      boolean missing = (status & 15) == EXTERNAL_TABLE_2;
      steps.add(new Step(2, secondAddress, missing ? null : second, missing ? "" : secondKind()));
    }
    return steps;
  }

  private String firstKind() {
    return switch (first & 3) {
      case COARSE_TABLE -> "coarse table, domain " + domain();
      case SECTION -> "section, domain " + domain();
      case FINE_TABLE -> "fine table, domain " + domain();
      default -> "nothing";
    };
  }

  private String secondKind() {
    return switch (second & 3) {
      case LARGE_PAGE -> "large page, subpage " + (mva >>> 14 & 3);
      case SMALL_PAGE -> "small page, subpage " + (mva >>> 10 & 3);
      case TINY_PAGE -> "tiny page";
      default -> "nothing";
    };
  }

  /** Returns the physical address of the last walk. */
  public int physical() {
    return physical;
  }

  /** Returns the domain of the translation. */
  public int domain() {
    return domain(first);
  }

  /** Returns the permission bits of the translation. */
  public int permission() {
    return permission;
  }

  /**
   * Returns the rights of a mode by the permission bits alone: 0 none, 1 to read, 2 to read and
   * write.
   */
  public int permitted(boolean privileged) {
    return allRights(permission, privileged);
  }

  /** Returns what the domain of the translation allows: {@link #CLIENT}, {@link #MANAGER}, or 0. */
  public int domainAccess() {
    return domainAccess(cp15.domainAccess(), domain());
  }

  /** Returns the fault status of the last walk; 0 for a success. */
  public int status() {
    return status;
  }

  /** Returns why the last walk has failed. */
  public String reason() {
    return switch (status & 15) {
      case EXTERNAL_TABLE_1 -> "external abort on the first-level table";
      case EXTERNAL_TABLE_2 -> "external abort on the second-level table";
      case TRANSLATION_SECTION -> "nothing is mapped in this MiB: section translation fault";
      case TRANSLATION_PAGE -> "no page is mapped here: page translation fault";
      case DOMAIN_SECTION, DOMAIN_PAGE -> "its domain is closed: domain fault";
      case PERMISSION_SECTION, PERMISSION_PAGE -> "permission fault";
      default -> "";
    };
  }
}
