package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;

/**
 * A server state region.
 *
 * @param machine where
 * @param serverName the service that uses it
 * @param ownerName the client that owns it, or the service that drives a device
 * @param record physical address of the kernel's record of it
 */
@ScriptName(value = "Ssr", doc = "A server state region: what a service keeps for one client.")
public record Ssr(
    @Property("The machine.") ScriptMachine machine,
    String serverName,
    String ownerName,
    int record)
    implements OfMachine {
  private static final int PACKED = 2;

  /** Returns the service that uses it. */
  @Property("The service that uses it.")
  public Service server() {
    return new Service(machine, serverName);
  }

  /** Returns its owner. */
  @Property(
      "The client that owns it; for a state that a service has in another service, that service.")
  public Object owner() {
    return machine.view().object(ownerName).isService()
        ? new Service(machine, ownerName)
        : new Client(machine, ownerName);
  }

  /** Its name among those of all services. */
  String key() {
    return serverName + "/" + ownerName;
  }

  boolean is(Object key) {
    return key().equals(key) || id().equals(key);
  }

  private Guest.Struct struct() {
    Guest.View view = machine.view();
    for (Guest.Struct s : view.states().of(view.object(serverName))) {
      if (s.address() == record) {
        return s;
      }
    }
    throw ScriptException.guest("the state of " + ownerName + " in " + serverName + " is gone");
  }

  /** Returns its number. */
  @Property("Its number, as the shell shows it.")
  public String id() {
    return String.format(Locale.ROOT, "%08x", record);
  }

  /** Returns its kind. */
  @Property("mapped or packed; open under policies without SSRs.")
  public String kind() {
    return machine.view().words().name(Kind.MODE, struct().get("kind"));
  }

  /** Returns what it is at. */
  @Property("at rest, busy (in use by a request), quarantined or lost.")
  public String state() {
    Guest.Struct s = struct();
    return s.get("mode") == s.get("kind")
        ? "at rest"
        : machine.view().words().name(Kind.MODE, s.get("mode"));
  }

  /** Returns its size. */
  @Property("Its size.")
  public long bytes() {
    return struct().get("bytes");
  }

  /** Returns where it is. */
  @Property("Physical address of its first byte.")
  public long address() {
    return machine.view().states().address(struct()) & 0xffffffffL;
  }

  /** Returns whether it would pass its check. */
  @Property("Whether its tag and, if it is packed, its checksum are right.")
  public boolean sound() {
    Guest.View view = machine.view();
    Guest.Struct s = struct();
    boolean tagged =
        view.states().word(s, 0) == (int) view.object(serverName).descriptor().get("tag");
    return tagged
        && (s.get("kind") != PACKED
            || s.get("mode") == 0
            || view.states().sum(s) == (int) s.get("sum"));
  }

  /** Returns its content. */
  @Property("Its contents as words.")
  public List<?> words() {
    Guest.View view = machine.view();
    Guest.Struct s = struct();
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < s.get("bytes"); i += 4) {
      all.add(view.states().word(s, i) & 0xffffffffL);
    }
    return all;
  }

  /** Changes a bit. */
  @ScriptMethod("Flips bit 0 to 8 * bytes - 1 of it; bit 0 is the lowest bit of its first byte.")
  public void flip(@Arg("bit") long bit) {
    long bits = bytes() * 8;
    if (bit < 0 || bit >= bits) {
      throw ScriptException.usage("bit " + bit + " of a state with bits 0 to " + (bits - 1));
    }
    Faults.flip(machine, (int) address(), bit);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "<ssr %s of %s in %s: %s, %d bytes>",
        id(),
        ownerName,
        serverName,
        kind(),
        bytes());
  }
}
