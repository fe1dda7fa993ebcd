package org.curios.lab.script.model;

import java.util.List;
import java.util.stream.Collectors;
import org.curios.lab.guest.Guest;

/**
 * The clients of a machine.
 *
 * @param machine whose
 */
@ScriptName(value = "Clients", doc = "The protected objects that call services, by name or number.")
public record ClientList(ScriptMachine machine) implements OfMachine, Keyed, Listed {
  private static final int GONE = 4;

  private List<String> names() {
    return machine.view().objects().stream()
        .filter(o -> !o.isService() && o.struct().get("state") != GONE)
        .map(Guest.Obj::name)
        .toList();
  }

  @Override
  public List<?> items() {
    return names().stream().map(n -> new Client(machine, n)).toList();
  }

  @Override
  public boolean has(Object key) {
    return key instanceof Client c ? names().contains(c.name()) : names().contains(key);
  }

  @Override
  public Client item(Object key) {
    return new Client(machine, Choice.find("client", key, names(), machine));
  }

  @Override
  public String toString() {
    return names().stream().collect(Collectors.joining(", ", "<clients ", ">"));
  }
}
