package org.curios.shell.session;

import static org.curios.shell.session.Inspector.format;
import static org.curios.shell.session.TextTable.row;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.curios.lab.Nearest;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.session.SessionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commands that list the objects of CuriOS, their threads, handles and memory. */
@Command(name = "system")
final class SystemCommands {
  private static final String GONE = "gone";

  private final Shell shell;

  SystemCommands(Shell shell) {
    this.shell = shell;
  }

  /** Returns the names of all services. */
  static List<String> serviceNames(View v) {
    return v.objects().stream().filter(Obj::isService).map(Obj::name).toList();
  }

  /**
   * Returns a service.
   *
   * @throws SessionException if there is none of this name
   */
  static Obj service(View v, String name) {
    List<String> names = serviceNames(v);
    mustBeBooted(name, names);
    if (!names.contains(name)) {
      throw new SessionException(
          name
              + ": no such service"
              + Nearest.hint(name, names)
              + "; there are "
              + String.join(", ", names));
    }
    return v.object(name);
  }

  private static void mustBeBooted(String name, List<String> all) {
    if (all.isEmpty()) {
      throw new SessionException(name + " is not there yet: " + Guest.NOT_BOOTED);
    }
  }

  /**
   * Returns an object that lives.
   *
   * @throws SessionException if there is none of this name
   */
  static Obj object(View v, String name) {
    List<String> names = v.objects().stream().filter(o -> !isGone(v, o)).map(Obj::name).toList();
    mustBeBooted(name, names);
    if (!names.contains(name)) {
      throw new SessionException(
          name
              + ": no such object"
              + Nearest.hint(name, names)
              + "; services and clients list them");
    }
    return v.object(name);
  }

  private static String state(View v, Obj o) {
    return v.words().name(Kind.OBJECT, o.struct().get("state"));
  }

  static boolean isGone(View v, Obj o) {
    return !o.isService() && state(v, o).equals(GONE);
  }

  @Command(
      description = "The services: state, calls, restarts, clients, memory, last fault.",
      footer = {"Examples:", "  services", "  services --json", "  services | grep store"})
  void services(@Mixin Json json) {
    shell.showMade(shell.look(SystemCommands::services), json);
    shell.faultIsKnown();
  }

  static List<Map<String, Object>> services(View v) {
    return v.objects().stream()
        .filter(Obj::isService)
        .map(o ->
            row(
                "service", o.name(),
                "state", state(v, o),
                "calls", o.struct().get("calls"),
                "restarts", o.struct().get("restarts"),
                "clients", v.states().of(o).size(),
                "bytes", v.memory().allocated(o),
                "last_fault", lastFault(v, o)))
        .toList();
  }

  private static String lastFault(View v, Obj o) {
    long fault = o.struct().get("last_fault");
    return fault == 0 ? "" : v.words().name(Kind.FAULT, fault);
  }

  @Command(
      description = "The clients: state, sessions with services, and the quota that these take.",
      footer = {"Examples:", "  clients", "  clients --json"})
  void clients(@Mixin Json json) {
    shell.showMade(
        shell.look(v ->
            v.objects().stream()
                .filter(o -> !o.isService() && !isGone(v, o))
                .map(o ->
                    row(
                        "client", o.name(),
                        "state", state(v, o),
                        "sessions", v.states().ownedBy(o).size(),
                        "quota_used", o.struct().get("quota_used"),
                        "quota", o.descriptor().get("quota"),
                        "bytes", v.memory().allocated(o)))
                .toList()),
        json);
  }

  @Command(
      description = "The threads: what each does or waits for, and the objects that it is inside.",
      footer = {"Examples:", "  threads", "  bt 4"})
  void threads(@Mixin Json json) {
    shell.showMade(
        shell.look(v ->
            v.threads().stream()
                .map(t ->
                    row(
                        "thread", t.get("id"),
                        "state", v.words().name(Kind.THREAD, t.get("state")),
                        "priority", t.get("priority"),
                        "ms", t.get("used"),
                        "waits_for", waitsFor(v, t),
                        "inside", String.join(" > ", inside(v, t))))
                .toList()),
        json);
  }

  private static String waitsFor(View v, Struct t) {
    return switch (v.words().name(Kind.THREAD, t.get("state"))) {
      case "queued" -> v.objectAt(t.get("queued_for")).name() + " to be free";
      case "waiting" -> {
        long lines = t.get("lines");
        String what =
            lines != 0
                ? "interrupt "
                    + BitSet.valueOf(new long[] {lines}).stream()
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", "))
                : "key " + t.get("key");
        yield t.get("wake_at") == 0 ? what : format("%s or %,d us", what, t.get("wake_at"));
      }
      default -> "";
    };
  }

  private static List<String> inside(View v, Struct t) {
    return v.activations(t).stream()
        .map(f -> {
          String method = v.methodOf(f);
          String name = v.objectAt(f.get("object")).name();
          return method == null ? name : name + "." + method;
        })
        .toList();
  }

  @Command(
      description =
          "The handles of an object: the objects that it can call, and where it has a state.",
      footer = {"Examples:", "  handles steady0"})
  void handles(@Parameters(paramLabel = "OBJECT") String name, @Mixin Json json) {
    shell.show(
        shell.look(v ->
            v.handles(object(v, name)).stream()
                .map(h -> {
                  long target = h.get("object");
                  boolean memory = target == 0;
                  return row(
                      "handle", format("%06x", h.get("tag")),
                      "object", memory ? "(memory)" : v.objectAt(target).name(),
                      "methods", memory ? "" : methods(v, v.objectAt(target), h.get("methods")),
                      "ssr", memory || h.get("ssr") == 0 ? "" : Inspector.hex(h.get("ssr")),
                      "grants", memory ? grant(h) : "");
                })
                .toList()),
        json);
  }

  private static String methods(View v, Obj o, long mask) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < o.descriptor().get("method_count"); i++) {
      if ((mask >>> i & 1) != 0) {
        names.add(v.methodName(o, i));
      }
    }
    return String.join(",", names);
  }

  private static String grant(Struct h) {
    long bytes = h.get("methods") & 0x7fffffff;
    boolean writable = h.get("methods") >>> 31 != 0;
    return format("%d bytes at %08x%s", bytes, h.get("ssr"), writable ? ", writable" : "");
  }

  @Command(
      description = {
        "Memory of each object, and of the server state regions that it keeps or owns. Waste is memory",
        "allocated for them beyond the bytes that the service requested. Bytes include kept memory, such as",
        "a cache, with its second copy and checksums."
      },
      footer = {"Examples:", "  memory", "  memory --json"})
  void memory(@Mixin Json json) {
    List<Map<String, Object>> rows =
        shell.look(v -> {
          List<Map<String, Object>> all = new ArrayList<>();
          for (Obj o : v.objects()) {
            if (!isGone(v, o)) {
              all.add(memory(v, o));
            }
          }
          return all;
        });
    shell.showMade(rows, json);
  }

  private static Map<String, Object> memory(View v, Obj o) {
    List<Struct> states = o.isService() ? v.states().of(o) : v.states().ownedBy(o);
    long used = 0;
    long allocated = 0;
    for (Struct s : states) {
      used += v.object(v.nameOf((int) s.get("server"))).descriptor().get("state_bytes");
      allocated += v.states().allocated(s);
    }
    long code = o.descriptor().get("code_end") - o.descriptor().get("code_start");
    return row(
        "object",
        o.name(),
        "role",
        o.isService() ? "service" : "client",
        "bytes",
        v.memory().allocated(o),
        "kept",
        v.memory().allocatedToKeep(o),
        "heap",
        o.struct().get("heap_bytes"),
        "stacks",
        o.struct().get("stack_count"),
        "code",
        code,
        "states",
        states.size(),
        "state_bytes",
        used,
        "waste",
        allocated - used,
        "charged",
        o.struct().get("quota_used"));
  }
}
