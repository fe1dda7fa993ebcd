package org.curios.lab.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.curios.lab.script.model.ScriptException;
import org.curios.machine.text.PlainText;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.PolyglotException.StackFrame;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;

/** The message about the error that has ended a script: where, what, and where the guest was. */
final class Complaint {
  /** Prefix of the names of sources that are not the script's. */
  static final String PRELUDE = "curios:";

  /** The place at the start of JavaScript's syntax errors, which is reported separately. */
  private static final Pattern REPEATED = Pattern.compile("^(SyntaxError: )\\S+:\\d+:\\d+ ");

  private static final int MOST_FRAMES = 10;

  private Complaint() {}

  /**
   * A place in the script.
   *
   * @param line counted from 1
   * @param column counted from 1; 0 if it is not known
   * @param function the enclosing function; null if it has no name
   */
  private record Place(String file, int line, int column, String function) {
    @Override
    public String toString() {
      return file + ":" + line + (column > 0 ? ":" + column : "");
    }
  }

  /**
   * Reports an error.
   *
   * @param frames a function of the script's language that gives the lines and functions that an
   *     exception came through, the innermost first; null if the engine knows them
   */
  static ScriptEnd of(PolyglotException e, Source script, Value frames) {
    if (e.isExit()) {
      return new ScriptEnd(e.getExitStatus(), null);
    }
    List<String> lines = new ArrayList<>();
    List<Place> places = places(e, frames);
    lines.add((places.isEmpty() ? script.getName() : places.get(0)) + ": " + message(e));
    if (!places.isEmpty()) {
      lines.addAll(excerpt(script, places.get(0)));
    }
    for (int i = 1; i < Math.min(places.size(), MOST_FRAMES); i++) {
      String function = places.get(i).function;
      lines.add("  called at " + places.get(i) + (function == null ? "" : " in " + function));
    }
    lines.addAll(guest(e));
    return new ScriptEnd(ScriptEnd.ERROR, PlainText.of(String.join("\n", lines)));
  }

  private static List<Place> places(PolyglotException e, Value frames) {
    List<Place> places = new ArrayList<>();
    if (e.isInternalError()) {
      return places;
    }
    if (frames != null && e.getGuestObject() != null && !e.isSyntaxError()) {
      Value found = frames.execute(e.getGuestObject());
      for (long i = 0; i < found.getArraySize(); i++) {
        Value f = found.getArrayElement(i);
        String function = f.getArrayElement(2).asString();
        places.add(
            new Place(
                f.getArrayElement(0).asString(),
                f.getArrayElement(1).asInt(),
                0,
                function.startsWith("<") ? null : function));
      }
      return places;
    }
    SourceSection at = e.getSourceLocation();
    if (at != null && isScripts(at)) {
      places.add(place(at, null));
    }
    for (StackFrame frame : e.getPolyglotStackTrace()) {
      SourceSection section = frame.getSourceLocation();
      if (frame.isGuestFrame() && section != null && isScripts(section)) {
        Place place = place(section, frame.getRootName());
        if (places.size() == 1 && place.toString().equals(places.get(0).toString())) {
          places.clear();
        }
        places.add(place);
      }
    }
    return places;
  }

  private static boolean isScripts(SourceSection at) {
    return !at.getSource().getName().startsWith(PRELUDE) && at.getSource().hasCharacters();
  }

  private static Place place(SourceSection at, String function) {
    boolean own = function != null && !function.startsWith(":") && !function.startsWith("<");
    return new Place(
        at.getSource().getName(), at.getStartLine(), at.getStartColumn(), own ? function : null);
  }

  private static String message(PolyglotException e) {
    if (e.isHostException()) {
      Throwable host = e.asHostException();
      return host instanceof ScriptException
          ? host.getMessage()
          : "internal error of CuriOS, please report it: " + host;
    }
    if (e.isInternalError()) {
      if (Denied.is(e)) {
        return (Denied.isMissing(e) ? "OSError: " : "PermissionError: ") + Denied.text(e);
      }
      return "internal error of the language: " + e.getMessage();
    }
    if (e.isResourceExhausted()) {
      return "too much memory, or calls too deep: " + e.getMessage();
    }
    String text = e.getMessage();
    String first =
        text == null ? "an error without a message" : text.lines().findFirst().orElse("");
    return REPEATED.matcher(first).replaceFirst("$1");
  }

  /** The line of the script, with a mark below the place. */
  private static List<String> excerpt(Source script, Place at) {
    if (!at.file.equals(script.getName()) || at.line < 1 || at.line > script.getLineCount()) {
      return List.of();
    }
    String line = script.getCharacters(at.line).toString();
    if (at.column == 0) {
      return List.of("    " + line);
    }
    String start = line.substring(0, Math.clamp(at.column - 1L, 0, line.length()));
    return List.of("    " + line, "    " + start.replaceAll("[^\t]", " ") + "^");
  }

  /** The place of the guest, if the exception has it. */
  private static List<String> guest(PolyglotException e) {
    Value thrown = e.getGuestObject();
    if (thrown == null || !thrown.hasMembers() || !thrown.hasMember("symbol")) {
      return List.of();
    }
    Value ticks = thrown.getMember("ticks");
    Value pc = thrown.getMember("pc");
    Value symbol = thrown.getMember("symbol");
    if (!ticks.fitsInLong() || !pc.fitsInLong() || !symbol.isString()) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "  the guest is at tick %,d, %08x <%s>",
            ticks.asLong(),
            pc.asLong(),
            symbol.asString()));
  }
}
