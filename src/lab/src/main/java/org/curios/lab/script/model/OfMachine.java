package org.curios.lab.script.model;

/** A part of a machine: exceptions about it say where that machine's guest is. */
public interface OfMachine {
  /** Returns the machine. */
  ScriptMachine machine();
}
