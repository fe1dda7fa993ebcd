package org.curios.campaign.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.curios.lab.trial.Outcome.Word;

/** Colours that colour-blind people can distinguish (Okabe and Ito). */
final class Palette {
  private static final String[] LINES = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#9a8c00"
  };

  private Palette() {}

  static String line(int number) {
    return LINES[number % LINES.length];
  }

  /** Returns the colours of outcomes, from harmless to worst. */
  static Map<String, String> outcomes() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(Word.UNNOTICED.toString(), "#c8ccd0");
    all.put(Word.RECOVERED.toString(), "#009e73");
    all.put(Word.DEGRADED.toString(), "#e69f00");
    all.put(Word.SERVICE_LOST.toString(), "#56b4e9");
    all.put(Word.SILENT.toString(), "#cc79a7");
    all.put(Word.SYSTEM_LOST.toString(), "#d55e00");
    return all;
  }
}
