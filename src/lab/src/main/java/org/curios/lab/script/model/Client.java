package org.curios.lab.script.model;

import java.util.List;
import java.util.Locale;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;

/**
 * A client.
 *
 * @param machine where
 * @param name its name
 */
@ScriptName(value = "Client", doc = "A protected object that calls services.")
public record Client(
    @Property("The machine.") ScriptMachine machine, @Property("Its name.") String name)
    implements OfMachine {
  private static final int FRAME = 4096;

  private Guest.Obj object() {
    return machine.view().object(name);
  }

  /** Returns its state. */
  @Property("active, or gone when it has ended.")
  public String state() {
    return machine.view().words().name(Kind.OBJECT, object().struct().get("state"));
  }

  /** Returns its memory. */
  @Property("Memory that it owns.")
  public long bytes() {
    return object().struct().get("frames") * FRAME;
  }

  /** Returns its quota. */
  @Property("Memory that its states in services may occupy.")
  public long quotaBytes() {
    return object().descriptor().get("quota");
  }

  /** Returns what of its quota is used. */
  @Property("Memory that its states in services occupy.")
  public long quotaUsedBytes() {
    return object().struct().get("quota_used");
  }

  /** Returns how many states servers keep for it. */
  @Property("How many states services keep for it.")
  public long sessions() {
    return machine.view().states().ownedBy(object()).size();
  }

  /** Returns what it has printed. */
  @Property("The lines that begin with its name.")
  public List<?> transcript() {
    return machine.port().text().lines().filter(l -> l.startsWith(name + ":")).toList();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "<client %s: %s>", name, state());
  }
}
