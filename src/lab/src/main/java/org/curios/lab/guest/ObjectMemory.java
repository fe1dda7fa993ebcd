package org.curios.lab.guest;

import org.curios.arm.core.Mmu;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;
import org.curios.machine.Machine;

/**
 * The places of the memory of protected objects at one moment; to be used on the machine's thread.
 */
public final class ObjectMemory {
  private static final int WORD = 4;

  private final View view;
  private final Machine m;
  private final Introspection types;

  ObjectMemory(View view, Introspection types) {
    this.view = view;
    this.m = view.machine();
    this.types = types;
  }

  /** Returns the object whose section (MiB) an address is in, or null. */
  public Obj owner(int address) {
    int id = (address - view.words().constant("SECTIONS")) >>> 20;
    int at =
        id >= 0 && id < view.words().constant("MAX_OBJECTS")
            ? Guest.word(m, view.symbol("objects") + id * WORD)
            : 0;
    return at == 0 ? null : view.objectAt(at);
  }

  /** Returns the number of the section of an object: the MiB of its addresses. */
  public int section(Obj o) {
    return (view.words().constant("SECTIONS") >>> 20) + (int) o.struct().get("id");
  }

  /** Returns the part of its object's section that contains an address; empty if there is none. */
  public String area(int address) {
    int part = (address & 0xfffff) >>> 10;
    for (Introspection.Field f : types.fields("Section")) {
      if (part >= f.offset() && part < f.offset() + f.size()) {
        return f.name();
      }
    }
    return "";
  }

  /**
   * Returns the physical address of a virtual one, regardless of access rights and of whether its
   * object currently has a domain; -1 if it is not mapped.
   */
  public int physical(int address) {
    int now = m.cpu().memory.physical(address);
    if (now != -1 && m.bus().isRam(now)) {
      return now;
    }
    Obj owner = owner(address);
    int physical = owner == null ? -1 : physical(owner, address);
    return physical != -1 && m.bus().isRam(physical) ? physical : -1;
  }

  /** Returns where an address of an object's memory lies in RAM; -1 if it is not mapped. */
  public int physical(Obj o, int address) {
    if (address >>> 20 != section(o)) {
      return -1;
    }
    Mmu mmu = new Mmu(m.bus(), m.cpu().cp15);
    return mmu.translate((int) o.struct().get("table"), address) ? mmu.physical() : -1;
  }

  /** Returns the physical address of a byte of a service's kept memory; -1 if there is none. */
  public int kept(Obj o, int offset) {
    int table = (int) o.struct().get("kept_table");
    int entry = table == 0 ? 0 : m.bus().read(table + (offset >>> 12) * 4, 4);
    return entry == 0 ? -1 : (entry & ~0xfff) + (offset & 0xfff);
  }

  /** Returns the bytes of all frames of an object. */
  public long allocated(Obj o) {
    return o.struct().get("frames") * view.words().constant("PAGE_BYTES");
  }

  /** Returns the bytes allocated for a service's kept memory: both copies, and the checksums. */
  public long allocatedToKeep(Obj o) {
    long kept = o.descriptor().get("kept");
    if (o.descriptor().get("kept_summed") == 0) {
      return kept;
    }
    long page = view.words().constant("PAGE_BYTES");
    long sums = kept / view.words().constant("KEPT_UNIT") * WORD;
    return 2 * kept + (sums + page - 1) / page * page;
  }
}
