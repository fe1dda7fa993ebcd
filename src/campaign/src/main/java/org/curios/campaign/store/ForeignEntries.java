package org.curios.campaign.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.curios.campaign.plan.Foreign;
import org.curios.lab.LabException;
import org.curios.lab.foreign.ForeignSummary;

/** What the folder of a campaign says about an image other than CuriOS, and its undisturbed run. */
final class ForeignEntries {
  private static final String FILE = "file";
  private static final String PREFIX = "undisturbed.";
  private static final String TICKS = "ticks";
  private static final String STATUS = "status";
  private static final String PRINTED = "printed";
  private static final String OUTPUT = "output";
  private static final String MEMORY = PREFIX + "memory.";

  private ForeignEntries() {}

  /** Returns the lines of the properties. */
  static String of(Foreign foreign) {
    ForeignSummary run = foreign.undisturbed();
    StringBuilder text = new StringBuilder();
    add(text, FILE, foreign.image());
    add(text, PREFIX + TICKS, run.ticks());
    add(text, PREFIX + STATUS, run.status());
    add(text, PREFIX + PRINTED, run.printed());
    add(text, PREFIX + OUTPUT, run.output());
    run.memory().forEach((name, digest) -> add(text, MEMORY + name, digest));
    return text.toString();
  }

  private static void add(StringBuilder text, String key, Object value) {
    text.append(escaped(key)).append('=').append(escaped(value.toString())).append('\n');
  }

  /** Escapes what the format of properties would take for something else. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace(" ", "\\ ").replace("=", "\\=").replace(":", "\\:");
  }

  /**
   * Reads the properties.
   *
   * @param file of the properties, for messages
   * @return the image and its undisturbed run, without what the plan says; null for CuriOS
   */
  static Foreign read(Path file, Properties about) {
    String image = about.getProperty(FILE);
    if (image == null) {
      return null;
    }
    Map<String, String> memory = new LinkedHashMap<>();
    about.stringPropertyNames().stream()
        .filter(k -> k.startsWith(MEMORY))
        .sorted()
        .forEach(k -> memory.put(k.substring(MEMORY.length()), about.getProperty(k)));
    ForeignSummary run =
        new ForeignSummary(
            Folder.number(file, about, TICKS, PREFIX),
            (int) Folder.number(file, about, STATUS, PREFIX),
            Folder.number(file, about, PRINTED, PREFIX),
            about.getProperty(PREFIX + OUTPUT, ""),
            memory);
    try {
      return new Foreign(Path.of(image), 0, 0, List.of(), run);
    } catch (InvalidPathException e) {
      throw new LabException(file + ": " + FILE + " is no file", e);
    }
  }
}
