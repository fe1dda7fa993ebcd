package org.curios.lab.guest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.program.Symbols;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * The words of a guest: the numbers that its kernel uses, with their names, from the table in its
 * image (kernel/include/curios/words.h).
 */
public final class Dictionary {
  private static final int ROW = 128;
  private static final int NAME = 12;
  private static final int TEXT = 40;
  private static final int NUMBER = 124;

  /** The kind of a word. */
  public enum Kind {
    /** Kinds of events; the text is a template for showing one. */
    EVENT("event"),
    /** Kinds of events that report damage, besides faults; the text is what is damaged. */
    DETECTION("detection"),
    /** Ways to crash a service from within a request. */
    CRASH("crash"),
    /** Ways to crash a service from outside. */
    INJECTION("crash"),
    /** How a fault is detected. */
    FAULT("fault"),
    /** Recovery policies. */
    POLICY("policy"),
    /** States of a protected object. */
    OBJECT("state of an object"),
    /** Modes and kinds of an SSR. */
    MODE("kind of an SSR"),
    /** States of a thread. */
    THREAD("state of a thread"),
    /** Kinds of sockets. */
    SOCKET("kind of a socket"),
    /** States of a TCP connection, by their names in RFC 9293. */
    TCP("state of a connection"),
    /** Errors that the kernel returns to a caller instead of a result. */
    ERROR("error"),
    /** Errors that services return as well. */
    ANSWER("error"),
    /** Fields of an object, and their values when its gate is closed. */
    CLOSED("field"),
    /** Sizes and limits. */
    CONSTANT("constant");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /**
   * A word.
   *
   * @param name its name
   * @param text its meaning; may be empty
   * @param number its number in the kernel
   */
  public record Word(String name, String text, int number) {}

  /** Read when the first word is wanted without a machine. */
  private static final class Embedded {
    static final Dictionary WORDS = read();

    private static Dictionary read() {
      try {
        Image image = Image.parse("curios", Images.elf("curios"));
        return Dictionary.read(Introspection.memory(image), new Symbols(image));
      } catch (ImageException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final Map<Kind, List<Word>> words = new EnumMap<>(Kind.class);

  /** The first word of each kind with a name, and with a number: they are looked up often. */
  private final Map<Kind, Map<String, Word>> byName = new EnumMap<>(Kind.class);

  private final Map<Kind, Map<Long, Word>> byNumber = new EnumMap<>(Kind.class);

  private Dictionary() {}

  /** Returns the words of the image that comes with the laboratory. */
  public static Dictionary embedded() {
    return Embedded.WORDS;
  }

  /**
   * Reads the table of an image.
   *
   * @param memory returns a little-endian number, given its physical address and size in bytes
   */
  static Dictionary read(IntBinaryOperator memory, Symbols symbols) {
    Dictionary table = new Dictionary();
    int end = symbols.require("word_table_end").address();
    for (int at = symbols.require("word_table").address(); at + ROW <= end; at += ROW) {
      String kind = Introspection.text(memory, at, NAME);
      Word word =
          new Word(
              Introspection.text(memory, at + NAME, TEXT - NAME),
              Introspection.text(memory, at + TEXT, NUMBER - TEXT),
              memory.applyAsInt(at + NUMBER, 4));
      for (Kind k : Kind.values()) {
        if (k.name().equalsIgnoreCase(kind)) {
          table.add(k, word);
        }
      }
    }
    return table;
  }

  private void add(Kind kind, Word word) {
    words.computeIfAbsent(kind, k -> new ArrayList<>()).add(word);
    byName.computeIfAbsent(kind, k -> new HashMap<>()).putIfAbsent(word.name, word);
    byNumber.computeIfAbsent(kind, k -> new HashMap<>()).putIfAbsent((long) word.number, word);
  }

  /** Returns the words of a kind in the kernel's order. */
  public List<Word> all(Kind kind) {
    return words.getOrDefault(kind, List.of());
  }

  /** Returns the names of a kind in the kernel's order. */
  public List<String> names(Kind kind) {
    return all(kind).stream().map(Word::name).toList();
  }

  /** Returns the word with a number, or null. */
  private Word find(Kind kind, long number) {
    return byNumber.getOrDefault(kind, Map.of()).get(number);
  }

  /** Returns a name, or the number itself where there is none. */
  public String name(Kind kind, long number) {
    Word word = find(kind, number);
    return word == null ? Long.toString(number) : word.name;
  }

  /** Returns the text of a number; empty where there is none. */
  public String text(Kind kind, long number) {
    Word word = find(kind, number);
    return word == null ? "" : word.text;
  }

  /**
   * Returns the number of a name.
   *
   * @throws LabException if there is no such word; the message says which there are
   */
  public int number(Kind kind, String name) {
    Word word = byName.getOrDefault(kind, Map.of()).get(name);
    if (word == null) {
      throw noSuch(name, kind.title, names(kind));
    }
    return word.number;
  }

  /** Creates the exception for an unknown name. */
  static LabException noSuch(String name, String title, List<String> known) {
    return new LabException(
        name
            + ": no such "
            + title
            + Nearest.hint(name, known)
            + "; there are "
            + String.join(", ", known));
  }

  /** Returns the names of the events, without "none". */
  public List<String> events() {
    return all(Kind.EVENT).stream().filter(w -> w.number != 0).map(Word::name).toList();
  }

  /** Returns the names of all crashes: those within a request, and those from outside. */
  public List<String> crashes() {
    List<String> all = new ArrayList<>(names(Kind.CRASH));
    all.addAll(names(Kind.INJECTION));
    return all;
  }

  /**
   * Returns the number of a crash.
   *
   * @throws LabException if there is no such crash; the message says which there are
   */
  public int crash(String name) {
    if (names(Kind.INJECTION).contains(name)) {
      return number(Kind.INJECTION, name);
    }
    if (!names(Kind.CRASH).contains(name)) {
      throw noSuch(name, Kind.CRASH.title, crashes());
    }
    return number(Kind.CRASH, name);
  }

  /** Returns the name of the crash with a number. */
  public String crash(int number) {
    Word outside = find(Kind.INJECTION, number);
    return outside == null ? name(Kind.CRASH, number) : outside.name;
  }

  /** Returns the result of a call as text: an error by its name, or the number. */
  public String result(int value) {
    return value >= 0
        ? Integer.toString(value)
        : name(isTold(value) ? Kind.ERROR : Kind.ANSWER, value);
  }

  /** Returns whether a result is an error by which the kernel reports a failure to a client. */
  public boolean isTold(int value) {
    return find(Kind.ERROR, value) != null;
  }

  /**
   * Returns a constant of the kernel.
   *
   * @throws LabException if the image does not name it
   */
  public int constant(String name) {
    return number(Kind.CONSTANT, name);
  }
}
