package org.curios.lab.script.model;

/**
 * An object that scripts index: {@code things["name"]}, {@code things.name} or {@code things[0]}.
 */
public interface Keyed {
  /**
   * Returns what a key represents.
   *
   * @param key a text or a whole number ({@link Long})
   * @throws ScriptException when there is nothing
   */
  Object item(Object key);

  /** Returns whether a key represents something. */
  boolean has(Object key);

  /**
   * Changes what a key represents.
   *
   * @throws ScriptException when it cannot be changed
   */
  default void setItem(Object key, Object value) {
    throw new ScriptException(ScriptException.Kind.USAGE, key + " cannot be changed");
  }
}
