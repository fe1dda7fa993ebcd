package org.curios.lab.script;

import java.util.stream.Collectors;
import org.curios.lab.script.Catalogue.Given;
import org.curios.lab.script.Catalogue.Member;

/** The reference of the object model, from the catalogue, for docs/scripting.md. */
public final class Reference {
  private Reference() {}

  /** Returns it in Markdown. */
  public static String markdown() {
    StringBuilder text = new StringBuilder();
    for (Catalogue.Type type : Catalogue.types()) {
      text.append("\n### ").append(type.name()).append("\n\n").append(type.doc());
      text.append(
          type.listed() && type.keyed()
              ? " It has a length, and can be looped over and indexed."
              : type.keyed() ? " It can be indexed." : "");
      text.append("\n");
      if (!type.members().isEmpty()) {
        text.append("\n| | |\n|---|---|\n");
      }
      type.members().values().stream()
          .filter(Member::property)
          .forEach(m -> row(text, names(m), m.doc()));
      type.members().values().stream()
          .filter(m -> !m.property())
          .forEach(m -> row(text, names(m), m.doc()));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String names, String doc) {
    text.append("| ").append(names).append(" | ").append(doc.replace("|", "\\|")).append(" |\n");
  }

  private static String names(Member m) {
    String signature =
        m.property()
            ? ""
            : m.parameters().stream()
                .map(Reference::parameter)
                .collect(Collectors.joining(", ", "(", ")"));
    String other = m.snakeName().equals(m.name()) ? "" : ", `" + m.snakeName() + "`";
    return "`" + m.name() + signature + "`" + other;
  }

  private static String parameter(Given p) {
    return p.optional() ? "[" + p.name() + "]" : p.name();
  }
}
