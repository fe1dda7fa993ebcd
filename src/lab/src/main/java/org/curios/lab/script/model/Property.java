package org.curios.lab.script.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method without parameters that scripts see as a property of the same name. A method with {@code
 * set} before the name makes it one that can be written.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.RECORD_COMPONENT})
public @interface Property {
  /** What it is, in a sentence. */
  String value();
}
