package org.curios.lab.script;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Breakpoint;
import org.curios.lab.script.model.Client;
import org.curios.lab.script.model.ClientList;
import org.curios.lab.script.model.Console;
import org.curios.lab.script.model.Event;
import org.curios.lab.script.model.Faults;
import org.curios.lab.script.model.Keyed;
import org.curios.lab.script.model.Listed;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptMachine;
import org.curios.lab.script.model.ScriptMemory;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;
import org.curios.lab.script.model.ScriptOutcome;
import org.curios.lab.script.model.ScriptRegisters;
import org.curios.lab.script.model.ScriptSnapshot;
import org.curios.lab.script.model.Service;
import org.curios.lab.script.model.ServiceList;
import org.curios.lab.script.model.Ssr;
import org.curios.lab.script.model.SsrList;
import org.curios.lab.script.model.Subscription;
import org.curios.lab.script.model.SymbolList;
import org.curios.lab.script.model.Trials;
import org.curios.lab.script.model.Watchpoint;
import org.curios.lab.script.results.Chart;
import org.curios.lab.script.results.Drawing;
import org.curios.lab.script.results.ResultTable;
import org.curios.lab.script.results.Results;

/**
 * The object model of scripts, read from the annotations of its classes: the languages' classes are
 * made from it, and so is the reference.
 */
public final class Catalogue {
  private static final List<Class<?>> CLASSES =
      List.of(
          Starter.class,
          ScriptMachine.class,
          ScriptRegisters.class,
          ScriptMemory.class,
          SymbolList.class,
          SymbolList.SymbolEntry.class,
          Console.class,
          ServiceList.class,
          Service.class,
          Service.Method.class,
          ClientList.class,
          Client.class,
          SsrList.class,
          Ssr.class,
          Event.class,
          Breakpoint.class,
          Watchpoint.class,
          Subscription.class,
          ScriptSnapshot.class,
          Faults.class,
          Trials.class,
          ScriptOutcome.class,
          Results.class,
          ResultTable.class,
          Chart.class,
          Drawing.class);

  private static final Map<Class<?>, Type> TYPES = new LinkedHashMap<>();

  static {
    CLASSES.forEach(c -> TYPES.put(c, type(c)));
    Extension.all().forEach(e -> e.classes().forEach(c -> TYPES.put(c, type(c))));
  }

  /**
   * A parameter of a function.
   *
   * @param name its name in JavaScript
   * @param optional whether it may be left out
   * @param type the type to which it is converted
   */
  public record Given(String name, boolean optional, Class<?> type) {}

  /**
   * A property or function.
   *
   * @param name its name in JavaScript
   * @param property whether it is a property
   * @param doc what it is or does
   * @param method its implementation
   * @param setter what changes it; null if it cannot be changed
   * @param parameters of a function, in order
   */
  public record Member(
      String name,
      boolean property,
      String doc,
      Method method,
      Method setter,
      List<Given> parameters) {
    /** Returns its name in Python. */
    public String snakeName() {
      return snake(name);
    }
  }

  /**
   * A class of things.
   *
   * @param name its name
   * @param doc what they are
   * @param members by name
   * @param listed whether a loop goes through them
   * @param keyed whether they are indexed
   */
  public record Type(
      String name, String doc, Map<String, Member> members, boolean listed, boolean keyed) {}

  private Catalogue() {}

  private static Type type(Class<?> c) {
    ScriptName named = c.getAnnotation(ScriptName.class);
    Map<String, Member> members = new TreeMap<>();
    for (Method m : c.getMethods()) {
      Property property = m.getAnnotation(Property.class);
      ScriptMethod operation = m.getAnnotation(ScriptMethod.class);
      if (property != null) {
        members.put(
            m.getName(),
            new Member(m.getName(), true, property.value(), m, setter(c, m), List.of()));
      } else if (operation != null) {
        List<Given> parameters = new ArrayList<>();
        for (Parameter p : m.getParameters()) {
          Arg arg = p.getAnnotation(Arg.class);
          parameters.add(new Given(arg.value(), arg.optional(), p.getType()));
        }
        members.put(
            m.getName(), new Member(m.getName(), false, operation.value(), m, null, parameters));
      }
    }
    return new Type(
        named.value(),
        named.doc(),
        Collections.unmodifiableMap(members),
        Listed.class.isAssignableFrom(c),
        Keyed.class.isAssignableFrom(c));
  }

  private static Method setter(Class<?> c, Method getter) {
    String name = getter.getName();
    String wanted = "set" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    for (Method m : c.getMethods()) {
      if (m.getName().equals(wanted) && m.getParameterCount() == 1) {
        return m;
      }
    }
    return null;
  }

  /** Returns all classes, in the order of the reference. */
  public static List<Type> types() {
    return List.copyOf(TYPES.values());
  }

  /** Returns the class of a thing; null if scripts know none. */
  static Type of(Object thing) {
    return TYPES.get(thing.getClass());
  }

  /** Turns a name such as deadlineMs into deadline_ms. */
  static String snake(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        text.append('_');
      }
      text.append(Character.toLowerCase(c));
    }
    return text.toString();
  }
}
