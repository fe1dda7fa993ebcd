package org.curios.lab.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.curios.lab.script.model.ScriptException;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.PolyglotException.StackFrame;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;

/** What is said about the error that has ended a script: where, what, and where the guest was. */
final class Complaint {
  /** What the names of the sources begin with that are not the script's. */
  static final String PRELUDE = "curios:";

  /** Python does not make an exception of its own of each of these. */
  private static final String DENIED = "SecurityException: ";

  private static final int MOST_FRAMES = 10;

  private Complaint() {}

  static ScriptEnd of(PolyglotException e, Source script) {
    if (e.isExit()) {
      return new ScriptEnd(e.getExitStatus(), null);
    }
    List<String> lines = new ArrayList<>();
    List<StackFrame> frames = frames(e);
    SourceSection at = e.getSourceLocation();
    if (at == null || !isScripts(at)) {
      at = frames.isEmpty() ? null : frames.get(0).getSourceLocation();
    }
    lines.add((at == null ? script.getName() : place(at)) + ": " + message(e));
    if (at != null) {
      lines.addAll(excerpt(at));
    }
    for (int i = 1; i < Math.min(frames.size(), MOST_FRAMES); i++) {
      StackFrame frame = frames.get(i);
      String name = frame.getRootName();
      lines.add("  called at " + place(frame.getSourceLocation()) + named(name));
    }
    lines.addAll(guest(e));
    return new ScriptEnd(ScriptEnd.ERROR, String.join("\n", lines));
  }

  private static String named(String function) {
    boolean own = function != null && !function.startsWith(":") && !function.startsWith("<");
    return own ? " in " + function : "";
  }

  private static String message(PolyglotException e) {
    if (e.isHostException()) {
      Throwable host = e.asHostException();
      return host instanceof ScriptException
          ? host.getMessage()
          : "an error of CuriOS itself, please report it: " + host;
    }
    int denied = e.isInternalError() ? e.getMessage().indexOf(DENIED) : -1;
    if (denied >= 0) {
      String what = e.getMessage().substring(denied + DENIED.length()).lines().findFirst().orElse("");
      return "a script may not do this without --allow-io or --allow-host: " + what;
    }
    if (e.isInternalError()) {
      return "an error of the language itself: " + e.getMessage();
    }
    if (e.isResourceExhausted()) {
      return "too much memory, or calls too deep: " + e.getMessage();
    }
    String text = e.getMessage();
    return text == null ? "an error without a message" : text.lines().findFirst().orElse("");
  }

  /** The script's own activations, the innermost first. */
  private static List<StackFrame> frames(PolyglotException e) {
    List<StackFrame> frames = new ArrayList<>();
    for (StackFrame frame : e.getPolyglotStackTrace()) {
      if (frame.isGuestFrame()
          && frame.getSourceLocation() != null
          && isScripts(frame.getSourceLocation())) {
        frames.add(frame);
      }
    }
    return frames;
  }

  private static boolean isScripts(SourceSection at) {
    return !at.getSource().getName().startsWith(PRELUDE) && at.getSource().hasCharacters();
  }

  private static String place(SourceSection at) {
    return at.getSource().getName() + ":" + at.getStartLine() + ":" + at.getStartColumn();
  }

  /** The line of the script, with a mark below the place. */
  private static List<String> excerpt(SourceSection at) {
    if (!at.hasLines() || at.getStartLine() > at.getSource().getLineCount()) {
      return List.of();
    }
    String line = at.getSource().getCharacters(at.getStartLine()).toString();
    String start = line.substring(0, Math.clamp(at.getStartColumn() - 1L, 0, line.length()));
    return List.of("    " + line, "    " + start.replaceAll("[^\t]", " ") + "^");
  }

  /** Where the guest was, if the exception tells. */
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
