package org.curios.lab.script.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A method that scripts see as a function. Each of its parameters has an {@link Arg}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ScriptMethod {
  /** What it does, in a sentence. */
  String value();
}
