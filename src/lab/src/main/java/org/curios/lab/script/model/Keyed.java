package org.curios.lab.script.model;

/** A thing that scripts index: {@code things["name"]}, {@code things.name} or {@code things[0]}. */
public interface Keyed {
  /**
   * Returns what a key stands for.
   *
   * @param key a text or a whole number ({@link Long})
   * @throws ScriptException when there is nothing
   */
  Object item(Object key);

  /** Returns whether a key stands for something. */
  boolean has(Object key);

  /**
   * Changes what a key stands for.
   *
   * @throws ScriptException when it cannot be changed
   */
  default void setItem(Object key, Object value) {
    throw new ScriptException(ScriptException.Kind.USAGE, key + " cannot be changed");
  }
}
