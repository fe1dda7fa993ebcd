package org.curios.campaign.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A value of a YAML file, with its position for messages. */
final class YamlValue {
  private final String file;
  private final String name;
  private final Node node;

  private YamlValue(String file, String name, Node node) {
    this.file = file;
    this.name = name;
    this.node = node;
  }

  /**
   * Reads a file.
   *
   * @param file its name, for messages
   * @param text what is in it
   * @throws LabException with line and column when it is not YAML
   */
  static YamlValue parse(String file, String text) {
    try {
      Node root =
          new Compose(LoadSettings.builder().setLabel(file).build())
              .composeString(text)
              .orElseThrow(() -> new LabException(file + ":1:1: the plan is empty"));
      return new YamlValue(file, "the plan", root);
    } catch (MarkedYamlEngineException e) {
      throw new LabException(
          place(file, e.getProblemMark().or(e::getContextMark)) + ": " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new LabException(file + ": " + e.getMessage().lines().findFirst().orElse("no YAML"));
    }
  }

  private static String place(String file, Optional<Mark> mark) {
    return mark.map(m -> file + ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1)).orElse(file);
  }

  /** Returns the exception for a wrong value. */
  LabException wrong(String reason) {
    return new LabException(place(file, node.getStartMark()) + ": " + name + ": " + reason);
  }

  /** Returns the values of its keys, all of which must be known. */
  Map<String, YamlValue> map(Collection<String> keys) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("give keys with values, from " + String.join(", ", keys));
    }
    Map<String, YamlValue> all = new LinkedHashMap<>();
    for (NodeTuple pair : mapping.getValue()) {
      YamlValue key = new YamlValue(file, "a key", pair.getKeyNode());
      String word = key.text();
      if (!keys.contains(word)) {
        throw new YamlValue(file, word, pair.getKeyNode())
            .wrong(
                "no such key"
                    + Nearest.hint(word, keys)
                    + "; there are "
                    + String.join(", ", keys));
      }
      if (all.put(word, new YamlValue(file, word, pair.getValueNode())) != null) {
        throw new YamlValue(file, word, pair.getKeyNode()).wrong("given twice");
      }
    }
    return all;
  }

  /** Returns its items; of one that is no list, itself. */
  List<YamlValue> list() {
    if (!(node instanceof SequenceNode sequence)) {
      return List.of(this);
    }
    List<YamlValue> all = new ArrayList<>();
    sequence.getValue().forEach(n -> all.add(new YamlValue(file, name, n)));
    if (all.isEmpty()) {
      throw wrong("the list is empty; leave it out, or name something");
    }
    return all;
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  /** Returns a single word or line. */
  String text() {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw wrong("give one word or line");
  }

  /** Returns a word that must be one of those that are known. */
  String word(Collection<String> known) {
    String word = text();
    if (!known.contains(word)) {
      throw wrong(word + ": not known" + Nearest.hint(word, known) + "; there are " + join(known));
    }
    return word;
  }

  private static String join(Collection<String> words) {
    return String.join(", ", words);
  }

  /** Returns a whole number within limits. */
  long whole(long least, long most) {
    String text = text().replace("_", "").replace(",", "");
    long number;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(text() + ": not a whole number");
    }
    if (number < least || number > most) {
      throw wrong(number + ": give a number from " + least + " to " + most);
    }
    return number;
  }

  /** Returns a number above 0. */
  double positive() {
    try {
      double number = Double.parseDouble(text());
      if (number > 0 && number < Double.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(text() + ": give a number above 0");
  }
}
