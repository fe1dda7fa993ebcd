package org.curios.lab.script.model;

/** A function that is called for events. */
@ScriptName(value = "Subscription", doc = "A function that is called for events.")
public final class Subscription implements AutoCloseable {
  private final String kind;
  private final ScriptPoints.Point point;

  Subscription(String kind, ScriptPoints.Point point) {
    this.kind = kind;
    this.point = point;
  }

  /** Returns the kind of events. */
  @Property("The kind of events.")
  public String kind() {
    return kind;
  }

  /** Ends it. */
  @Override
  @ScriptMethod("Stops calling the function.")
  public void close() {
    point.close();
  }

  @Override
  public String toString() {
    return "<subscription to " + kind + ">";
  }
}
