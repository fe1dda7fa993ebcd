package org.curios.arm.language.interop;

import com.oracle.truffle.api.TruffleFile;
import com.oracle.truffle.api.TruffleLanguage.Env;
import com.oracle.truffle.api.source.Source;
import com.oracle.truffle.api.source.SourceSection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.curios.arm.language.ArmLanguage;
import org.curios.arm.language.GuestCode;
import org.curios.arm.language.GuestCode.Line;

/**
 * The source files of an image, as tools see them. A missing file is a source without content: its
 * lines still have numbers.
 */
public final class GuestSources {
  private final GuestCode code;
  private final Env env;
  private final Map<String, Source> sources = new HashMap<>();
  private final Source unknown;

  /**
   * Makes sources.
   *
   * @param env what the context may do: with access to files, a text has its path there; may be
   *     null
   */
  public GuestSources(GuestCode code, Env env) {
    this.code = code;
    this.env = env;
    this.unknown = Source.newBuilder(ArmLanguage.ID, "", code.name()).internal(true).build();
  }

  /** Returns the source of a file. */
  public Source of(String file) {
    return sources.computeIfAbsent(file, this::make);
  }

  private Source make(String file) {
    String text = code.text(file);
    Path path = code.path(file);
    if (path != null && text != null && env != null && env.isFileIOAllowed()) {
      TruffleFile onDisk = env.getPublicTruffleFile(path.toString());
      return Source.newBuilder(ArmLanguage.ID, onDisk)
          .content(text)
          .mimeType(ArmLanguage.GUEST_SOURCE)
          .build();
    }
    if (text == null) {
      return Source.newBuilder(ArmLanguage.ID, "", file).content(Source.CONTENT_NONE).build();
    }
    return Source.newBuilder(ArmLanguage.ID, text, file).mimeType(ArmLanguage.GUEST_SOURCE).build();
  }

  /** Returns a line as a section of its source. */
  public SourceSection section(Line line) {
    return lines(line.file(), line.line(), line.line());
  }

  /** Returns lines of a file as a section of its source. */
  public SourceSection lines(String file, int first, int last) {
    Source source = of(file);
    if (!source.hasCharacters()) {
      return source.createSection(first, 1, last, 1);
    }
    if (last > source.getLineCount()) { // the text is not the one that was compiled
      return source.createUnavailableSection();
    }
    int start = source.getLineStartOffset(first);
    int end = source.getLineStartOffset(last) + source.getLineLength(last);
    CharSequence text = source.getCharacters();
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    return source.createSection(start, end - start);
  }

  /** Returns the section of code of which no line is known. */
  public SourceSection unknown() {
    return unknown.createUnavailableSection();
  }
}
