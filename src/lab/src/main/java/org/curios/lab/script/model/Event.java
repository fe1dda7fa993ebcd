package org.curios.lab.script.model;

import java.util.Locale;
import org.curios.arm.core.Cpu;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;

/**
 * An event that the kernel has reported, or a call; what does not belong to its kind is null.
 *
 * @param machine where
 * @param kind one of {@link Kind#EVENT}, or call
 * @param ticks when
 * @param service the object that it is about
 * @param fault what was detected
 * @param address the address that the fault is about
 * @param crash how the service was armed to crash
 * @param client whose request or state it is about
 * @param method the method that is called
 * @param recoveryUs how long recovery took, as the kernel says
 * @param restarts how often the service has restarted
 */
@ScriptName(value = "Event", doc = "An event that the kernel reports, or a protected call.")
public record Event(
    @Property("The machine.") ScriptMachine machine,
    @Property("The kind: an event of the kernel, such as boot, fault or recovered; or call.")
        String kind,
    @Property("Its tick.") long ticks,
    @Property("Name of the protected object.") String service,
    @Property("What was detected; of fault, failed, ended.") String fault,
    @Property("The address that was accessed or executed; of fault.") Long address,
    @Property("The kind of crash that was armed; of armed.") String crash,
    @Property(
            "Name of the client to which the request or state belongs; of armed, quarantine, replay, call.")
        String client,
    @Property("Name of the method; of call.") String method,
    @Property("Duration of the recovery as reported by the kernel; of recovered.") Long recoveryUs,
    @Property("Restarts of the service so far; of recovered, failed.") Long restarts)
    implements OfMachine {
  /** Reads the registers with which the kernel's event function is called. */
  static Event ofKernel(ScriptMachine machine) {
    Guest.View view = machine.view();
    Cpu cpu = machine.cpu();
    String kind = view.words().name(Kind.EVENT, cpu.register(0));
    long a = cpu.register(2) & 0xffffffffL;
    long b = cpu.register(3) & 0xffffffffL;
    boolean detected = kind.equals("fault") || kind.equals("failed") || kind.equals("ended");
    boolean counted = kind.equals("recovered") || kind.equals("failed");
    String client =
        switch (kind) {
          case "armed" -> view.nameOf((int) b);
          case "quarantine", "replay" -> view.nameOf((int) a);
          default -> null;
        };
    return new Event(
        machine,
        kind,
        cpu.now(),
        view.nameOf(cpu.register(1)),
        detected && a != 0 ? view.words().name(Kind.FAULT, a) : null,
        kind.equals("fault") ? b : null,
        kind.equals("armed") ? view.words().crash((int) a) : null,
        client,
        null,
        kind.equals("recovered") ? a : null,
        counted ? b : null);
  }

  /**
   * Reads the call word at the kernel's entry for {@code svc}: it is in R12, and SP points at the
   * caller's activation.
   *
   * @return null for a return, a system call, or a handle that is not the caller's
   */
  static Event call(ScriptMachine machine) {
    Cpu cpu = machine.cpu();
    int word = cpu.register(12);
    if (word <= 0) {
      return null;
    }
    Guest.View view = machine.view();
    Guest.Obj caller = view.objectAt(view.frame(cpu.register(13)).get("object"));
    Guest.Obj target = view.target(caller, word);
    if (target == null) {
      return null;
    }
    return new Event(
        machine,
        "call",
        cpu.now(),
        target.name(),
        null,
        null,
        null,
        caller.name(),
        view.methodName(target, word >>> 24),
        null,
        null);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(Locale.ROOT, "<%s of %s at tick %,d", kind, service, ticks));
    if (fault != null) {
      text.append(": ").append(fault);
    }
    if (crash != null) {
      text.append(": ").append(crash);
    }
    if (method != null) {
      text.append('.').append(method);
    }
    if (client != null) {
      text.append(", ").append(client);
    }
    return text.append('>').toString();
  }
}
