package org.curios.lab.script.model;

import java.util.List;
import org.curios.lab.Nearest;

/** Resolves a name or a number in a script. */
final class Choice {
  private Choice() {}

  /**
   * Returns the name of a list that a key means.
   *
   * @param what what the list is of, for the message
   */
  static String find(String what, Object key, List<String> names, ScriptMachine machine) {
    if (key instanceof Long n) {
      long index = n < 0 ? n + names.size() : n;
      if (index >= 0 && index < names.size()) {
        return names.get((int) index);
      }
      throw ScriptException.name(
          what + " " + n + ": there are " + names.size() + ", counted from 0");
    }
    String name = String.valueOf(key);
    if (names.contains(name)) {
      return name;
    }
    throw ScriptException.name(
        name
            + ": no such "
            + what
            + Nearest.hint(name, names)
            + (names.isEmpty()
                ? "; there is none yet at tick " + machine.ticks() + ", let the machine boot"
                : "; there are " + String.join(", ", names)));
  }
}
