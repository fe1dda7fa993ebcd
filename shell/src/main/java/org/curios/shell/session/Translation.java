package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Mmu;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Guest;
import org.curios.machine.Machine;

/**
 * Explains the walk of the page tables for an address, and the outcome of an access in the current
 * mode.
 */
final class Translation {
  private static final String WORKS = "works";
  private static final String[] RIGHTS = {"no access", "read only", "read and write"};

  private final Machine m;
  private final Cpu cpu;
  private final Mmu mmu;
  private final int address;
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Object> fields = new LinkedHashMap<>();

  private Translation(Machine m, int address) {
    this.m = m;
    this.cpu = m.cpu();
    this.mmu = new Mmu(m.bus(), cpu.cp15);
    this.address = address;
    fields.put("address", Inspector.hex(address));
  }

  /** Returns the walk for an address; the view names its owner, if there is one. */
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
    boolean translated = mmu.translate(cpu.cp15.modified(address));
    if (!mmu.isEnabled()) {
      line("the MMU is off", "physical %08x, every access is permitted", mmu.physical());
    }
    mmu.steps().forEach(this::step);
    if (translated && mmu.isEnabled()) {
      rights();
    }
    if (translated && isOpen()) {
      found();
    }
    outcome();
  }

  private void step(Mmu.Step step) {
    String title = step.level() == 1 ? "first level" : "second level";
    if (step.descriptor() == null) {
      line(title, "%08x is not in RAM", step.address());
    } else {
      line(title, "%08x: %08x  %s", step.address(), step.descriptor(), step.kind());
    }
  }

  private void rights() {
    line(
        "permissions",
        "%d: privileged %s, user %s",
        mmu.permission(),
        RIGHTS[mmu.permitted(true)],
        RIGHTS[mmu.permitted(false)]);
    fields.put("domain", mmu.domain());
    line(
        "domain " + mmu.domain(),
        switch (mmu.domainAccess()) {
          case 0 -> "closed: no access at all";
          case Mmu.CLIENT -> "client: the permissions are checked";
          case Mmu.MANAGER -> "manager: the permissions are not checked";
          default -> "reserved: acts as closed";
        });
  }

  private boolean isOpen() {
    return !mmu.isEnabled()
        || mmu.domainAccess() == Mmu.CLIENT
        || mmu.domainAccess() == Mmu.MANAGER;
  }

  private void found() {
    int physical = mmu.physical();
    line("physical", "%08x%s", physical, m.bus().isRam(physical) ? "" : ", not RAM");
    fields.put("physical", Inspector.hex(physical));
  }

  private void outcome() {
    String mode = Psr.name(cpu.cpsr());
    String load = outcome(false);
    String store = outcome(true);
    fields.put("mode", mode);
    fields.put("load", load);
    fields.put("store", store);
    fields.put("fetch", load);
    if (load.equals(store)) {
      line("now " + mode, load.equals(WORKS) ? "load, store and fetch work" : load);
    } else {
      line("now " + mode, "load %s; store %s; fetch %s", load, store, load);
    }
  }

  private String outcome(boolean write) {
    return mmu.walk(cpu.cp15.modified(address), cpu.mode() != Psr.USER, write)
        ? WORKS
        : mmu.reason() + ", status " + format("%x", mmu.status());
  }

  private void belongs(Guest.View view) {
    Guest.Obj owner = view.memory().owner(address);
    String what = "";
    if (owner != null) {
      what = owner.name() + ": " + view.memory().area(address) + state(view, owner);
    }
    fields.put("belongs_to", what);
    if (!what.isEmpty()) {
      line("belongs to", "%s", what);
    }
  }

  private String state(Guest.View view, Guest.Obj owner) {
    for (Guest.Struct s : view.states().of(owner)) {
      boolean here =
          s.get("address") != 0 && (s.get("address") & ~0x3ffL) == (address & 0xfffffc00L);
      if (here) {
        return format(
            " of %s, SSR %08x, %s",
            view.nameOf((int) s.get("owner")),
            s.address(),
            view.states().isBusy(s) ? "granted to the server now" : "not granted now");
      }
    }
    return "";
  }
}
