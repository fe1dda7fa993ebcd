package org.curios.lab.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.lab.Nearest;
import org.curios.lab.script.Catalogue.Given;
import org.curios.lab.script.Catalogue.Member;
import org.curios.lab.script.model.Callback;
import org.curios.lab.script.model.ScriptException;
import org.graalvm.polyglot.Value;

/** Converts a script's values to the parameters of a function of the model. */
final class Arguments {
  private static final int SHOWN = 40;

  private Arguments() {}

  /**
   * Matches arguments to the parameters of a function.
   *
   * @param positional an array
   * @param named values by the names of parameters; may be null
   */
  static Object[] bind(Member member, Value positional, Value named) {
    List<Given> parameters = member.parameters();
    Object[] bound = new Object[parameters.size()];
    long count = positional.getArraySize();
    if (count > bound.length) {
      throw usage(
          "takes "
              + (bound.length == 0 ? "no arguments" : "at most " + names(parameters))
              + "; "
              + count
              + " were given");
    }
    boolean[] given = new boolean[bound.length];
    for (int i = 0; i < count; i++) {
      bound[i] =
          convert(positional.getArrayElement(i), parameters.get(i).type(), parameters.get(i));
      given[i] = true;
    }
    for (Map.Entry<String, Value> e : entries(named).entrySet()) {
      int i = indexOf(parameters, e.getKey());
      if (given[i]) {
        throw usage(e.getKey() + " is given twice");
      }
      bound[i] = convert(e.getValue(), parameters.get(i).type(), parameters.get(i));
      given[i] = true;
    }
    for (int i = 0; i < bound.length; i++) {
      if (bound[i] == null && !parameters.get(i).optional()) {
        throw usage("needs " + parameters.get(i).name() + "; it takes " + names(parameters));
      }
    }
    return bound;
  }

  private static int indexOf(List<Given> parameters, String name) {
    for (int i = 0; i < parameters.size(); i++) {
      String camel = parameters.get(i).name();
      if (camel.equals(name) || Catalogue.snake(camel).equals(name)) {
        return i;
      }
    }
    throw usage(
        "has no argument "
            + name
            + Nearest.hint(name, parameters.stream().map(Given::name).toList())
            + (parameters.isEmpty() ? "" : "; it takes " + names(parameters)));
  }

  private static String names(List<Given> parameters) {
    return String.join(", ", parameters.stream().map(Given::name).toList());
  }

  private static Map<String, Value> entries(Value named) {
    Map<String, Value> all = new LinkedHashMap<>();
    if (named == null || named.isNull()) {
      return all;
    }
    if (named.hasHashEntries()) {
      Value keys = named.getHashKeysIterator();
      while (keys.hasIteratorNextElement()) {
        Value key = keys.getIteratorNextElement();
        all.put(key.asString(), named.getHashValue(key));
      }
    } else {
      named.getMemberKeys().forEach(k -> all.put(k, named.getMember(k)));
    }
    return all;
  }

  /** Converts a value to an object of a class; null for null and undefined. */
  static Object convert(Value value, Class<?> type, Given parameter) {
    if (value.isNull()) {
      return null;
    }
    if (type == long.class || type == Long.class) {
      if (value.isNumber() && value.fitsInLong()) {
        return value.asLong();
      }
      throw wrong(parameter, "a whole number", value);
    }
    if (type == Double.class) {
      if (value.isNumber() && value.fitsInDouble()) {
        return value.asDouble();
      }
      throw wrong(parameter, "a number", value);
    }
    if (type == String.class) {
      Object any = any(value);
      if (any instanceof String) {
        return any;
      }
      if (any != null && !(any instanceof Number) && named(any) != null) {
        return named(any);
      }
      throw wrong(parameter, "a text", value);
    }
    if (type == Boolean.class) {
      if (value.isBoolean()) {
        return value.asBoolean();
      }
      throw wrong(parameter, "true or false", value);
    }
    if (type == Callback.class) {
      if (value.canExecute()) {
        return (Callback) arguments -> call(value, arguments);
      }
      throw wrong(parameter, "a function", value);
    }
    if (type == List.class) {
      return rows(value, parameter);
    }
    Object any = any(value);
    if (type.isInstance(any)) {
      return any;
    }
    throw wrong(parameter, "a " + type.getSimpleName(), value);
  }

  /** The name of a service or client, which may represent it; null for anything else. */
  static String named(Object thing) {
    return switch (thing) {
      case org.curios.lab.script.model.Service s -> s.name();
      case org.curios.lab.script.model.Client c -> c.name();
      default -> null;
    };
  }

  private static Object call(Value function, Object[] arguments) {
    Object[] given = new Object[arguments.length];
    for (int i = 0; i < given.length; i++) {
      given[i] = Reply.of(arguments[i]);
    }
    return any(function.execute(given));
  }

  /** Converts a value by its own type: null, a truth value, number, text, thing, list or map. */
  static Object any(Value value) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isHostObject()) {
      Object host = value.asHostObject();
      return host instanceof Reply reply ? reply.thing() : host;
    }
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    if (value.isNumber()) {
      return value.fitsInLong() ? (Object) value.asLong() : (Object) value.asDouble();
    }
    if (value.isString()) {
      return value.asString();
    }
    if (value.hasArrayElements()) {
      List<Object> all = new ArrayList<>();
      for (long i = 0; i < value.getArraySize(); i++) {
        all.add(any(value.getArrayElement(i)));
      }
      return all;
    }
    if (value.hasHashEntries() || value.hasMembers() && !value.canExecute()) {
      Map<String, Object> all = new LinkedHashMap<>();
      entries(value).forEach((k, v) -> all.put(k, any(v)));
      return all;
    }
    return shown(value);
  }

  private static List<Map<String, Object>> rows(Value value, Given parameter) {
    Object any = any(value);
    Iterable<?> items =
        switch (any) {
          case List<?> list -> list;
          case org.curios.lab.script.model.Listed listed -> listed.items();
          case null, default -> throw wrong(parameter, "a list of rows", value);
        };
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Object item : items) {
      Map<String, Object> row = new LinkedHashMap<>();
      if (item instanceof Map<?, ?> map) {
        map.forEach((k, v) -> row.put(String.valueOf(k), cell(v)));
      } else if (item != null && Catalogue.of(item) != null) {
        Bridge.plainProperties(item).forEach(row::put);
      } else {
        throw wrong(parameter, "a list of rows, each with names and values", value);
      }
      rows.add(row);
    }
    return rows;
  }

  private static Object cell(Object value) {
    return switch (value) {
      case null -> null;
      case Boolean b -> b;
      case Number n -> n;
      default -> String.valueOf(value);
    };
  }

  private static ScriptException wrong(Given parameter, String expected, Value value) {
    String got = value.isString() ? "the text '" + shown(value) + "'" : shown(value);
    return usage(
        (parameter == null ? "" : parameter.name() + " must be ") + expected + ", not " + got);
  }

  private static String shown(Value value) {
    String text = value.isString() ? value.asString() : String.valueOf(any0(value));
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }

  private static Object any0(Value value) {
    return value.isHostObject() && value.asHostObject() instanceof Reply r ? r.thing() : value;
  }

  private static ScriptException usage(String message) {
    return new ScriptException(ScriptException.Kind.USAGE, message);
  }
}
