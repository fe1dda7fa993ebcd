package org.curios.shell;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Help that fits its terminal: a paragraph may be written in several lines, and is wrapped again,
 * at blanks alone. Lines that begin with a blank, such as examples, stay as they are.
 */
final class FittedHelp extends Help {
  /** Columns left of the descriptions of options, and free on the right of them. */
  private static final int OPTIONS = 31;

  private static final int NARROWEST = 20;
  private static final int HANG = 4;

  FittedHelp(CommandSpec command, ColorScheme colours) {
    super(command, colours);
  }

  @Override
  public String description(Object... parameters) {
    return text(commandSpec().usageMessage().description());
  }

  @Override
  public String footer(Object... parameters) {
    return text(commandSpec().usageMessage().footer());
  }

  /** The options, broken between them. */
  @Override
  public String synopsis(int headingLength) {
    List<ArgSpec> done = new ArrayList<>();
    String name = commandSpec().qualifiedName();
    String all =
        name
            + createDetailedSynopsisOptionsText(
                    done, createShortOptionArityAndNameComparator(), true)
                .plainString()
            + createDetailedSynopsisPositionalsText(done).plainString()
            + createDetailedSynopsisCommandText().plainString();
    String hang = " ".repeat(headingLength + name.length() + 1);
    return String.join(
                System.lineSeparator(), broken(" ".repeat(headingLength) + all, hang, width() - 1))
            .substring(headingLength)
        + System.lineSeparator();
  }

  private String text(String[] paragraphs) {
    return fitted(paragraphs, width() - 1).stream()
        .map(l -> l + System.lineSeparator())
        .collect(Collectors.joining());
  }

  private int width() {
    return commandSpec().usageMessage().width();
  }

  private String[] description(String[] paragraphs) {
    return fitted(paragraphs, width() - OPTIONS).toArray(String[]::new);
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer renderer = super.createDefaultOptionRenderer();
    return (option, label, colours) ->
        renderer.render(
            option.toBuilder()
                .names(option.names()) // those of the standard options come from variables
                .description(description(option.description()))
                .build(),
            label,
            colours);
  }

  @Override
  public IParameterRenderer createDefaultParameterRenderer() {
    IParameterRenderer renderer = super.createDefaultParameterRenderer();
    return (parameter, label, colours) ->
        renderer.render(
            parameter.toBuilder().description(description(parameter.description())).build(),
            label,
            colours);
  }

  /** The commands, each with the first sentence of its description. */
  @Override
  public String commandList(Map<String, Help> commands) {
    int indent = commands.keySet().stream().mapToInt(String::length).max().orElse(0) + 4;
    StringBuilder list = new StringBuilder();
    commands.forEach((name, help) -> {
      String[] header = help.commandSpec().usageMessage().header();
      String[] text = header.length > 0 ? header : help.commandSpec().usageMessage().description();
      List<String> lines = fitted(new String[] {sentence(text)}, width() - 1 - indent);
      for (int i = 0; i < lines.size(); i++) {
        list.append(
            String.format(
                Locale.ROOT, "%-" + indent + "s%s%n", i == 0 ? "  " + name : "", lines.get(i)));
      }
    });
    return list.toString();
  }

  private static String sentence(String[] text) {
    String all = String.join(" ", text);
    BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(all);
    int end = sentences.next();
    return end == BreakIterator.DONE ? all : all.substring(0, end).strip();
  }

  /** Joins the lines of paragraphs, and breaks them at blanks. */
  static List<String> fitted(String[] lines, int width) {
    List<String> paragraphs = new ArrayList<>();
    boolean open = false;
    for (String line : String.join("\n", lines).replace("%n", "\n").split("\n", -1)) {
      boolean stays = line.isBlank() || line.startsWith(" ");
      if (open && !stays) {
        paragraphs.set(paragraphs.size() - 1, paragraphs.getLast() + " " + line);
      } else {
        paragraphs.add(line);
      }
      open = !stays && !line.endsWith(":");
    }
    return paragraphs.stream()
        .flatMap(p -> broken(p, Math.max(width, NARROWEST)).stream())
        .toList();
  }

  /** What follows the first line of an example is indented further. */
  private static List<String> broken(String paragraph, int width) {
    int indent = indent(paragraph);
    return broken(paragraph, " ".repeat(indent == 0 ? 0 : indent + HANG), width);
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static List<String> broken(String paragraph, String hang, int width) {
    List<String> lines = new ArrayList<>();
    String rest = paragraph;
    int least = indent(paragraph);
    while (rest.length() > width) {
      int end = rest.lastIndexOf(' ', width);
      if (end <= least) {
        break;
      }
      lines.add(rest.substring(0, end).stripTrailing());
      rest = hang + rest.substring(end).strip();
      least = hang.length();
    }
    lines.add(rest);
    return lines;
  }
}
