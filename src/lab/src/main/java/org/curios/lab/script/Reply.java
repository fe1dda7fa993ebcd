package org.curios.lab.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.lab.script.model.OfMachine;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMachine;
import org.graalvm.polyglot.HostAccess;

/** The bridge's result for a script, unless it is a plain text, number, or truth value. */
public final class Reply {
  /** thing, list, map, nothing, or failure. */
  @HostAccess.Export public final String kind;

  /** Class of a thing or a failure. */
  @HostAccess.Export public final String type;

  private final Object content;

  private Reply(String kind, String type, Object content) {
    this.kind = kind;
    this.type = type;
    this.content = content;
  }

  /** Wraps the result of a function of the model. */
  static Object of(Object value) {
    return switch (value) {
      case null -> new Reply("nothing", null, null);
      case String s -> s;
      case Boolean b -> b;
      case Integer n -> (long) n;
      case Number n -> n;
      case List<?> list -> new Reply("list", null, new ArrayList<>(list));
      case Map<?, ?> map -> new Reply("map", null, new LinkedHashMap<>(map));
      default -> {
        Catalogue.Type type = Catalogue.of(value);
        if (type == null) {
          throw new IllegalStateException("scripts know no " + value.getClass());
        }
        yield new Reply("thing", type.name(), value);
      }
    };
  }

  /** Wraps the exception of a function. */
  static Reply failure(ScriptException e, String what, Object about) {
    ScriptMachine machine =
        about instanceof ScriptMachine m ? m : about instanceof OfMachine o ? o.machine() : null;
    List<Object> place = machine == null ? List.of() : machine.place();
    String message = what + ": " + e.getMessage();
    List<Object> parts = new ArrayList<>(List.of(message));
    parts.addAll(place);
    return new Reply("failure", e.kind().className(), parts);
  }

  /** Returns the thing. */
  Object thing() {
    return content;
  }

  /** Returns how many there are in a list. */
  @HostAccess.Export
  public int size() {
    return ((List<?>) content).size();
  }

  /** Returns what is at a place of a list; of a failure: message, ticks, pc, symbol. */
  @HostAccess.Export
  public Object at(int index) {
    return of(((List<?>) content).get(index));
  }

  /** Returns the keys of a map. */
  @HostAccess.Export
  public Object keys() {
    return of(new ArrayList<>(((Map<?, ?>) content).keySet()));
  }

  /** Returns what a key of a map represents. */
  @HostAccess.Export
  public Object get(String key) {
    return of(((Map<?, ?>) content).get(key));
  }
}
