package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Psr;
import org.curios.lab.Guest;
import org.curios.machine.Machine;

/**
 * Walks the translation tables for an address (ARM DDI 0100, B4) and says what becomes of an access
 * in the present mode, and why.
 */
final class Translation {
  private static final int MMU = 1;
  private static final int SYSTEM_PROTECTION = 1 << 8;
  private static final int ROM_PROTECTION = 1 << 9;
  private static final String[] RIGHTS = {"no access", "read only", "read and write"};

  private final Machine m;
  private final Cpu cpu;
  private final int address;
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** Whether the last descriptor is a section's, which decides the codes of faults. */
  private boolean section;

  private int domain;
  private int permissions = -1;
  private int physical;

  private Translation(Machine m, int address) {
    this.m = m;
    this.cpu = m.cpu();
    this.address = address;
    fields.put("address", Inspector.hex(address));
  }

  /** Returns the walk for an address; the view says what it belongs to, if there is one. */
  static Translation of(Machine m, int address, Guest.View view) {
    Translation t = new Translation(m, address);
    t.walk();
    if (view != null) {
      t.belongs(view);
    }
    return t;
  }

  String text() {
    return String.join("\n", lines);
  }

  Map<String, Object> fields() {
    return fields;
  }

  private void line(String title, String text, Object... values) {
    lines.add(format("%-16s", title) + format(text, values));
  }

  private void walk() {
    if ((cpu.cp15.control() & MMU) == 0) {
      physical = address;
      line("the MMU is off", "physical %08x, every access is permitted", address);
      found(2, 2);
      return;
    }
    Bus bus = m.bus();
    int first = cpu.cp15.translationTableBase() & 0xffffc000 | address >>> 20 << 2;
    if (!bus.isRam(first)) {
      line("first level", "%08x is not in RAM", first);
      fault("external abort on the first-level table", 0xc);
      return;
    }
    int entry = bus.read(first, 4);
    domain = entry >>> 5 & 15;
    switch (entry & 3) {
      case 2 -> {
        section = true;
        permissions = entry >>> 10 & 3;
        physical = entry & 0xfff00000 | address & 0xfffff;
        line("first level", "%08x: %08x  section, domain %d", first, entry, domain);
      }
      case 1 -> {
        line("first level", "%08x: %08x  coarse table, domain %d", first, entry, domain);
        page(entry & 0xfffffc00 | (address >>> 12 & 0xff) << 2);
      }
      case 3 -> {
        line("first level", "%08x: %08x  fine table, domain %d", first, entry, domain);
        page(entry & 0xfffff000 | (address >>> 10 & 0x3ff) << 2);
      }
      default -> {
        line("first level", "%08x: %08x  nothing", first, entry);
        fault("nothing is mapped in this MiB: section translation fault", 0x5);
        return;
      }
    }
    if (permissions >= 0) {
      check();
    }
  }

  private void page(int second) {
    if (!m.bus().isRam(second)) {
      line("second level", "%08x is not in RAM", second);
      fault("external abort on the second-level table", 0xe);
      return;
    }
    int entry = m.bus().read(second, 4);
    String kind;
    switch (entry & 3) {
      case 1 -> {
        permissions = entry >>> 4 + 2 * (address >>> 14 & 3) & 3;
        physical = entry & 0xffff0000 | address & 0xffff;
        kind = "large page, subpage " + (address >>> 14 & 3);
      }
      case 2 -> {
        permissions = entry >>> 4 + 2 * (address >>> 10 & 3) & 3;
        physical = entry & 0xfffff000 | address & 0xfff;
        kind = "small page, subpage " + (address >>> 10 & 3);
      }
      case 3 -> {
        permissions = entry >>> 4 & 3;
        physical = entry & 0xfffffc00 | address & 0x3ff;
        kind = "tiny page";
      }
      default -> {
        line("second level", "%08x: %08x  nothing", second, entry);
        fault("no page is mapped here: page translation fault", 0x7);
        return;
      }
    }
    line("second level", "%08x: %08x  %s", second, entry, kind);
  }

  /** Access permissions of a mode (ARM DDI 0100, table B4-1): 0 none, 1 read, 2 read and write. */
  private int rights(boolean privileged) {
    boolean s = (cpu.cp15.control() & SYSTEM_PROTECTION) != 0;
    boolean r = (cpu.cp15.control() & ROM_PROTECTION) != 0;
    return switch (permissions) {
      case 0 -> s && !r && privileged || r && !s ? 1 : 0;
      case 1 -> privileged ? 2 : 0;
      case 2 -> privileged ? 2 : 1;
      default -> 2;
    };
  }

  private void check() {
    int kernel = rights(true);
    int user = rights(false);
    line("permissions", "%d: privileged %s, user %s", permissions, RIGHTS[kernel], RIGHTS[user]);
    int access = cpu.cp15.domainAccess() >>> 2 * domain & 3;
    fields.put("domain", domain);
    switch (access) {
      case 1 -> line("domain " + domain, "client: the permissions are checked");
      case 3 -> {
        line("domain " + domain, "manager: the permissions are not checked");
        found(2, 2);
        return;
      }
      default -> {
        line(
            "domain " + domain,
            access == 0 ? "closed: no access at all" : "reserved: acts as closed");
        fault("its domain is closed: domain fault", section ? 0x9 : 0xb);
        return;
      }
    }
    found(cpu.mode() == Psr.USER ? user : kernel, section ? 0xd : 0xf);
  }

  private void found(int rights, int status) {
    line("physical", "%08x%s", physical, m.bus().isRam(physical) ? "" : ", not RAM");
    fields.put("physical", Inspector.hex(physical));
    String why = "permission fault, status " + format("%x", domain << 4 | status);
    outcome(rights >= 1 ? "works" : why, rights >= 2 ? "works" : why, rights >= 1 ? "works" : why);
  }

  private void fault(String why, int status) {
    String text = why + ", status " + format("%x", domain << 4 | status);
    outcome(text, text, text);
  }

  private void outcome(String load, String store, String fetch) {
    String mode = Inspector.modeName(cpu.cpsr());
    fields.put("mode", mode);
    fields.put("load", load);
    fields.put("store", store);
    fields.put("fetch", fetch);
    if (load.equals(store) && load.equals(fetch)) {
      line("now " + mode, load.equals("works") ? "load, store and fetch work" : load);
    } else {
      line("now " + mode, "load %s; store %s; fetch %s", load, store, fetch);
    }
  }

  private void belongs(Guest.View view) {
    Guest.Obj owner = view.owner(address);
    String what = "";
    if (owner != null) {
      what = owner.name() + ": " + view.area(address) + state(view, owner);
    }
    fields.put("belongs_to", what);
    if (!what.isEmpty()) {
      line("belongs to", "%s", what);
    }
  }

  private String state(Guest.View view, Guest.Obj owner) {
    for (Guest.Struct s : view.states(owner)) {
      boolean here =
          s.get("address") != 0 && (s.get("address") & ~0x3ffL) == (address & 0xfffffc00L);
      if (here) {
        return format(
            " of %s, SSR %08x, %s",
            view.nameOf((int) s.get("owner")),
            s.address(),
            view.isBusy(s) ? "granted to the server now" : "not granted now");
      }
    }
    return "";
  }
}
