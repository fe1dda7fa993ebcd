package org.curios.lab.script.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A class of objects that scripts see. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ScriptName {
  /** Its name in scripts. */
  String value();

  /** What it is, in a sentence. */
  String doc();
}
