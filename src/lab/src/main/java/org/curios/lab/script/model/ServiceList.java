package org.curios.lab.script.model;

import java.util.List;
import java.util.stream.Collectors;
import org.curios.lab.guest.Guest;

/**
 * The services of a machine.
 *
 * @param machine whose
 */
@ScriptName(value = "Services", doc = "The protected objects that serve, by name or number.")
public record ServiceList(ScriptMachine machine) implements OfMachine, Keyed, Listed {
  private List<String> names() {
    return machine.view().objects().stream()
        .filter(Guest.Obj::isService)
        .map(Guest.Obj::name)
        .toList();
  }

  @Override
  public List<?> items() {
    return names().stream().map(n -> new Service(machine, n)).toList();
  }

  @Override
  public boolean has(Object key) {
    return key instanceof Service s ? names().contains(s.name()) : names().contains(key);
  }

  @Override
  public Service item(Object key) {
    return new Service(machine, Choice.find("service", key, names(), machine));
  }

  @Override
  public String toString() {
    return names().stream().collect(Collectors.joining(", ", "<services ", ">"));
  }
}
