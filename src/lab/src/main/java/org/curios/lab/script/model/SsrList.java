package org.curios.lab.script.model;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.guest.Guest;

/**
 * Server state regions.
 *
 * @param machine where
 * @param server whose; null for those of all servers
 */
@ScriptName(
    value = "Ssrs",
    doc = "Server state regions, by the client's name (within one service) or by number.")
public record SsrList(ScriptMachine machine, String server) implements OfMachine, Keyed, Listed {
  private List<Ssr> all() {
    List<Ssr> all = new ArrayList<>();
    Guest.View view = machine.view();
    for (Guest.Obj o : view.objects()) {
      if (server == null || server.equals(o.name())) {
        for (Guest.Struct s : view.states().of(o)) {
          all.add(new Ssr(machine, o.name(), view.nameOf((int) s.get("owner")), s.address()));
        }
      }
    }
    return all;
  }

  @Override
  public List<?> items() {
    return all();
  }

  @Override
  public boolean has(Object key) {
    return key instanceof Ssr s ? all().contains(s) : all().stream().anyMatch(s -> s.is(key));
  }

  @Override
  public Ssr item(Object key) {
    List<Ssr> all = all();
    for (Ssr s : all) {
      if (s.is(key)) {
        return s;
      }
    }
    List<String> names = all.stream().map(s -> server == null ? s.key() : s.ownerName()).toList();
    return all.get(names.indexOf(Choice.find("ssr", key, names, machine)));
  }

  @Override
  public String toString() {
    return "<ssrs, " + all().size() + ">";
  }
}
