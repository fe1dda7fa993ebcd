package org.curios.lab.script;

import java.util.Map;
import java.util.regex.Pattern;
import org.graalvm.polyglot.PolyglotException;

/** Denied operations of a script; the polyglot engine reports them in terms of its embedders. */
final class Denied {
  private static final Pattern ANY =
      Pattern.compile("not allowed|was excluded|UnsupportedPosixFeature|Feature not supported");

  /** Parts of the engine's messages, and their replacements. */
  private static final Map<Pattern, String> WORDS =
      Map.of(
          Pattern.compile("[Pp]rocess"), "a script may not start processes",
          Pattern.compile("[Tt]hread"), "a script may not start threads without --allow-host",
          Pattern.compile("was excluded"), "a script may not use the network without --allow-io",
          Pattern.compile("Operation is not allowed"),
              "a script may not use files without --allow-io");

  private static final Pattern MISSING = Pattern.compile("Feature not supported");

  private Denied() {}

  private static String first(PolyglotException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /**
   * Returns whether an error is such a denial, which the language does not know as an exception.
   */
  static boolean is(PolyglotException e) {
    return e.isInternalError() && ANY.matcher(first(e)).find();
  }

  /** Returns whether the language lacks what was wanted, whatever is allowed. */
  static boolean isMissing(PolyglotException e) {
    return MISSING.matcher(first(e)).find();
  }

  /** Returns the message. */
  static String text(PolyglotException e) {
    String message = first(e);
    if (isMissing(e)) {
      return "Function not implemented" + message.replaceFirst(".*(: \\w+)$", "$1");
    }
    return "Operation not permitted: "
        + WORDS.entrySet().stream()
            .filter(w -> w.getKey().matcher(message).find())
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("a script may not do this without --allow-io or --allow-host");
  }
}
