package org.curios.kernel.build;

import java.util.ArrayList;
import java.util.List;

/**
 * Linker scripts with blocks to repeat: the lines between {@code %each a=1 b=2} and {@code %end}
 * are written for every pair, with {@code ${name}} and {@code ${id}} replaced.
 */
final class ScriptTemplate {
  private ScriptTemplate() {}

  static List<String> expand(List<String> lines) {
    List<String> out = new ArrayList<>();
    List<String> block = null;
    String[] pairs = {};
    for (String line : lines) {
      if (line.startsWith("%each ")) {
        pairs = line.substring("%each ".length()).trim().split("\\s+");
        block = new ArrayList<>();
      } else if (line.startsWith("%end")) {
        for (String pair : pairs) {
          String[] parts = pair.split("=", 2);
          for (String l : block) {
            out.add(l.replace("${name}", parts[0]).replace("${id}", parts[1]));
          }
        }
        block = null;
      } else if (block != null) {
        block.add(line);
      } else {
        out.add(line);
      }
    }
    return out;
  }
}
