package org.curios.lab.script;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.script.Catalogue.Member;
import org.curios.lab.script.model.Keyed;
import org.curios.lab.script.model.Listed;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.Service;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/**
 * The only host object of a script. The classes that the script sees are written in its language
 * (prelude.js, prelude.py), are generated from the catalogue, and work through this object.
 */
public final class Bridge {
  private static final int PATIENCE_MS = 10_000;

  private final Map<String, Object> globals;
  private final ScriptOptions options;

  Bridge(Map<String, Object> globals, ScriptOptions options) {
    this.globals = globals;
    this.options = options;
  }

  /** A piece of the model's work. */
  @FunctionalInterface
  private interface Work {
    Object get() throws ReflectiveOperationException;
  }

  private static Object reply(Object thing, String what, Work work) {
    try {
      return Reply.of(work.get());
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case ScriptException said -> {
          return failure(said, what, thing);
        }
        case LabException said -> {
          return failure(
              new ScriptException(ScriptException.Kind.GUEST, said.getMessage()), what, thing);
        }
        case RuntimeException other -> throw other;
        case Error other -> throw other;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (ScriptException said) {
      return failure(said, what, thing);
    } catch (LabException said) {
      return failure(
          new ScriptException(ScriptException.Kind.GUEST, said.getMessage()), what, thing);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object failure(ScriptException said, String what, Object thing) {
    if (said.kind() == ScriptException.Kind.CANCELLED) {
      awaitEnd();
      throw said;
    }
    return Reply.failure(said, what, thing);
  }

  /** Waits until the context ends the script, which must not catch the exception that stops it. */
  private static void awaitEnd() {
    for (int i = 0; i < PATIENCE_MS; i++) {
      Context.getCurrent().safepoint();
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static String nameOf(Object thing) {
    return Catalogue.of(thing).name();
  }

  private static Member member(Object thing, String name) {
    return Catalogue.of(thing).members().get(name);
  }

  /** Returns the global things by name. */
  @HostAccess.Export
  public Object globals() {
    return Reply.of(globals);
  }

  /** Returns the classes: rows of name, doc, listed, keyed, members. */
  @HostAccess.Export
  public Object types() {
    return Reply.of(
        Catalogue.types().stream()
            .map(t ->
                Map.of(
                    "name", t.name(),
                    "doc", t.doc(),
                    "listed", t.listed(),
                    "keyed", t.keyed(),
                    "members", t.members().values().stream().map(Bridge::described).toList()))
            .toList());
  }

  private static Map<String, Object> described(Member m) {
    return Map.of(
        "name", m.name(),
        "snake", m.snakeName(),
        "doc", m.doc(),
        "property", m.property(),
        "writable", m.setter() != null,
        "parameters", m.parameters().stream().map(p -> Catalogue.snake(p.name())).toList());
  }

  /** Returns whether the script may use files and sockets. */
  @HostAccess.Export
  public boolean allowsIo() {
    return options.allowIo();
  }

  /** Returns whether the script may use the host's classes. */
  @HostAccess.Export
  public boolean allowsHost() {
    return options.allowHost();
  }

  /**
   * Calls a function that may be denied.
   *
   * @return nothing if it was not; otherwise the message, and whether the language lacks it
   */
  @HostAccess.Export
  public Object attempt(Value function) {
    try {
      function.executeVoid();
      return Reply.of(null);
    } catch (PolyglotException e) {
      if (!Denied.is(e)) {
        throw e;
      }
      return Reply.of(Map.of("text", Denied.text(e), "missing", Denied.isMissing(e)));
    }
  }

  /** Returns a property of a thing. */
  @HostAccess.Export
  public Object get(Reply thing, String name) {
    Object target = thing.thing();
    return reply(
        target, nameOf(target) + "." + name, () -> member(target, name).method().invoke(target));
  }

  /** Changes a property of a thing. */
  @HostAccess.Export
  public Object set(Reply thing, String name, Value value) {
    Object target = thing.thing();
    return reply(
        target,
        nameOf(target) + "." + name,
        () -> {
          Method setter = member(target, name).setter();
          Class<?> type = setter.getParameterTypes()[0];
          return setter.invoke(
              target,
              Arguments.convert(value, type, new Catalogue.Given("the value", false, type)));
        });
  }

  /** Calls a function of a thing. */
  @HostAccess.Export
  public Object call(Reply thing, String name, Value positional, Value named) {
    Object target = thing.thing();
    Member member = member(target, name);
    return reply(
        target,
        nameOf(target) + "." + name,
        () -> member.method().invoke(target, Arguments.bind(member, positional, named)));
  }

  /** Returns what a loop over a thing sees. */
  @HostAccess.Export
  public Object items(Reply thing) {
    Object target = thing.thing();
    return reply(target, nameOf(target), () -> ((Listed) target).items());
  }

  /** Returns what a key of a thing represents. */
  @HostAccess.Export
  public Object item(Reply thing, Value key) {
    Object target = thing.thing();
    return reply(target, nameOf(target), () -> ((Keyed) target).item(Arguments.any(key)));
  }

  /** Changes what a key of a thing represents. */
  @HostAccess.Export
  public Object setItem(Reply thing, Value key, Value value) {
    Object target = thing.thing();
    return reply(
        target,
        nameOf(target),
        () -> {
          ((Keyed) target).setItem(Arguments.any(key), Arguments.any(value));
          return null;
        });
  }

  /** Returns whether a key of a thing represents something. */
  @HostAccess.Export
  public Object has(Reply thing, Value key) {
    Object target = thing.thing();
    return reply(target, nameOf(target), () -> ((Keyed) target).has(Arguments.any(key)));
  }

  /** Returns a thing as people would see it. */
  @HostAccess.Export
  public Object text(Reply thing) {
    Object target = thing.thing();
    return reply(target, nameOf(target), target::toString);
  }

  /** Returns whether two things are the same one. */
  @HostAccess.Export
  public boolean same(Reply a, Reply b) {
    return a.thing().equals(b.thing());
  }

  /** Returns a number that is the same for the same thing. */
  @HostAccess.Export
  public int hash(Reply thing) {
    return thing.thing().hashCode();
  }

  /** Returns the complaint about a name that a thing does not have. */
  @HostAccess.Export
  public Object missing(Reply thing, String name, boolean snake, boolean writing) {
    Object target = thing.thing();
    List<String> names =
        Catalogue.of(target).members().values().stream()
            .map(m -> snake ? m.snakeName() : m.name())
            .toList();
    String hint = Nearest.hint(name, names);
    String text =
        writing && names.contains(name)
            ? "cannot be changed"
            : "no such property or function"
                + (hint.isEmpty() ? "; there are " + String.join(", ", names) : hint);
    return Reply.failure(
        new ScriptException(ScriptException.Kind.NAME, text), nameOf(target) + "." + name, target);
  }

  /**
   * Returns the visible properties of a thing without querying further things, by JavaScript's
   * names.
   */
  @HostAccess.Export
  public Object plain(Reply thing) {
    Object target = thing.thing();
    return reply(
        target,
        nameOf(target),
        () -> {
          Map<String, Object> all = new LinkedHashMap<>();
          for (Member m : Catalogue.of(target).members().values()) {
            Class<?> type = m.method().getReturnType();
            if (m.property() && (isPlain(type) || type == List.class || type == Map.class)) {
              all.put(m.name(), m.method().invoke(target));
            } else if (m.property() && named(m, target) != null) {
              all.put(m.name(), named(m, target));
            }
          }
          return all;
        });
  }

  private static boolean isPlain(Class<?> type) {
    return type.isPrimitive() || type == String.class || Number.class.isAssignableFrom(type);
  }

  /** The name of the service or client that a property of another thing is; otherwise null. */
  private static String named(Member m, Object thing) throws ReflectiveOperationException {
    Class<?> type = m.method().getReturnType();
    return type == Service.class || type == Object.class
        ? Arguments.named(m.method().invoke(thing))
        : null;
  }

  /**
   * Returns the properties of a thing that are plain values, or things with names, by their names
   * in tables.
   */
  static Map<String, Object> plainProperties(Object thing) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (Catalogue.of(thing).members().containsKey("name")) {
      all.put("name", null);
    }
    try {
      for (Member m : Catalogue.of(thing).members().values()) {
        if (m.property() && isPlain(m.method().getReturnType())) {
          Object value = m.method().invoke(thing);
          all.put(m.snakeName(), value instanceof Integer n ? (Object) (long) n : value);
        } else if (m.property() && named(m, thing) != null) {
          all.put(m.snakeName(), named(m, thing));
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return all;
  }
}
