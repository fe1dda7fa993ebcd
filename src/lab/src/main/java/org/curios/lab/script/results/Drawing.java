package org.curios.lab.script.results;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;

/** A chart. */
@ScriptName(value = "Drawing", doc = "A chart.")
public final class Drawing {
  private final Results results;
  private final String svg;

  Drawing(Results results, String svg) {
    this.results = results;
    this.svg = svg;
  }

  /** Returns it as SVG. */
  @Property("The chart as SVG.")
  public String svg() {
    return svg;
  }

  /** Writes it to a file. */
  @ScriptMethod("Writes it to a file in the folder of results; the name must end with .svg.")
  public Drawing save(@Arg("file") String file) {
    results.write(file, List.of(".svg"), () -> svg.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  @Override
  public String toString() {
    return "<drawing, " + svg.length() + " characters of SVG>";
  }
}
