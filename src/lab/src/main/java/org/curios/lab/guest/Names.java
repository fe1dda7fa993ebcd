package org.curios.lab.guest;

import java.util.List;

/** The names of the kernel's numbers, in its order (kernel/include/curios/abi.h, kernel/cuik). */
public final class Names {
  /** States of a protected object. */
  public static final List<String> OBJECT_STATES =
      List.of("absent", "active", "recovering", "failed", "gone");

  /** Modes and kinds of an SSR. */
  public static final List<String> STATE_MODES =
      List.of("busy", "mapped", "packed", "open", "quarantined", "lost", "shadowed");

  /** States of a thread. */
  public static final List<String> THREAD_STATES = List.of("free", "ready", "queued", "waiting");

  /** What a fault is detected by. */
  public static final List<String> FAULTS =
      List.of(
          "nothing",
          "data abort",
          "prefetch abort",
          "undefined instruction",
          "failed assertion",
          "stack overrun",
          "deadline",
          "damaged state",
          "result outside its contract",
          "broken stack",
          "damaged private data",
          "damaged code",
          "beyond its limits",
          "runs that disagree");

  /** Kinds of events. */
  public static final List<String> EVENTS =
      List.of(
          "none",
          "boot",
          "fault",
          "recovered",
          "failed",
          "quarantine",
          "ended",
          "armed",
          "replay",
          "error",
          "mended",
          "state-mended",
          "disagreed",
          "tripped");

  /** Ways to crash a service; the first one is the kernel's number 1. */
  public static final List<String> CRASHES =
      List.of("abort", "undef", "assert", "hang", "stack", "contract", "state", "jump");

  /** Ways to crash a service from outside, whose numbers follow those of {@link #CRASHES}. */
  public static final List<String> INJECTIONS = List.of("bitflip", "code", "ssr");

  /** What calls can give instead of a result, by the number below zero. */
  private static final List<String> ERRORS =
      List.of(
          "OK",
          "BAD_HANDLE",
          "BAD_METHOD",
          "DEAD",
          "FAULTED",
          "NO_QUOTA",
          "NO_MEMORY",
          "BAD_ARGUMENT",
          "LOST",
          "QUARANTINED",
          "DEADLOCK",
          "NO_RIGHT",
          "TOO_DEEP",
          "ABSENT",
          "FULL",
          "CONNECTED",
          "NOT_CONNECTED",
          "TIMED_OUT");

  /** Errors that services give as results of their own; all others come from the kernel. */
  private static final List<String> ANSWERS =
      List.of("OK", "BAD_ARGUMENT", "ABSENT", "FULL", "CONNECTED", "NOT_CONNECTED");

  /** Recovery policies. */
  public static final List<String> POLICIES =
      List.of("none", "restart", "datastore", "hot", "snapshot", "ssr", "ssr-packed", "ssr-twice");

  private Names() {}

  /** Returns the name of the crash with a number, from 1. */
  public static String crash(int number) {
    return number <= CRASHES.size()
        ? of(CRASHES, number - 1)
        : of(INJECTIONS, number - 1 - CRASHES.size());
  }

  /** Returns what a call has given: an error by its name, or the number. */
  public static String result(int value) {
    return value < 0 && value > -ERRORS.size() ? ERRORS.get(-value) : Integer.toString(value);
  }

  /** Returns whether a result is an error by which the kernel tells a client of a failure. */
  public static boolean isTold(int value) {
    return value < 0 && value > -ERRORS.size() && !ANSWERS.contains(ERRORS.get(-value));
  }

  /** Returns a name, or the number itself where there is none. */
  public static String of(List<String> names, long number) {
    return number >= 0 && number < names.size() ? names.get((int) number) : Long.toString(number);
  }
}
