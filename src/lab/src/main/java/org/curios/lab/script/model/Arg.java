package org.curios.lab.script.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A parameter of an {@link ScriptMethod}: given by its place or by its name. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Arg {
  /** Its name. */
  String value();

  /** Whether it may be omitted; it is then null. */
  boolean optional() default false;
}
