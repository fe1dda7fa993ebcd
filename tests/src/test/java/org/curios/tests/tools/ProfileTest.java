package org.curios.tests.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.curios.tests.JsonReader;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The profiler of guest code: exact, the same each time, and across protected calls. */
class ProfileTest {
  @TempDir private Path folder;

  private Path file(String name) {
    return folder.resolve(name);
  }

  @Test
  void profilesAreTheSameWithAndWithoutCompiler() throws Exception {
    String[] texts = new String[2];
    for (int i = 0; i < 2; i++) {
      Path folded = file("folded" + i);
      Curios.run(
              "profile",
              Debuggee.image("bench/quicksort"),
              "--folded",
              folded.toString(),
              i == 0 ? "--idle" : "--no-jit")
          .expect(0);
      texts[i] = Files.readString(folded);
    }
    assertEquals(texts[0], texts[1]);
    assertTrue(texts[0].lines().allMatch(l -> l.matches("\\S+ [0-9]+")), texts[0]);
    long all = texts[0].lines().mapToLong(l -> Long.parseLong(l.replaceAll(".* ", ""))).sum();
    assertEquals(25_485_001 / 9973, all, "samples of 25,485,001 instructions");
    assertTrue(texts[0].contains("_start;main;unit;sort;sort"), "recursion is seen");
  }

  @Test
  void stacksGoFromClientOverServiceToKernel() throws Exception {
    Path folded = file("folded");
    Curios.run("profile", "embedded", "--every", "499", "--folded", folded.toString()).expect(0);
    String text = Files.readString(folded);
    assertTrue(
        text.lines().anyMatch(l -> l.matches("stores0;stores;use_store;store;get [0-9]+")),
        () -> "a service's method under its client:\n" + text);
    assertTrue(
        text.lines().anyMatch(l -> l.matches("stores0;stores;use_store;[a-z_]+_\\[k\\] [0-9]+")),
        () -> "the kernel on behalf of a client:\n" + text);
    // Only while the kernel saves a trap's registers may a stub seem to have called something.
    long all = samples(text, ".*");
    long odd = samples(text, ".*_return;[^ ;]*[^ ;\\]][ ;].*");
    assertTrue(odd <= all / 1000, () -> odd + " of " + all + " samples:\n" + text);
  }

  private static long samples(String folded, String stacks) {
    return folded
        .lines()
        .filter(l -> l.matches(stacks))
        .mapToLong(l -> Long.parseLong(l.replaceAll(".* ", "")))
        .sum();
  }

  @Test
  void tablesAndJson() {
    String image = Debuggee.image("bench/quicksort");
    String text = Curios.run("profile", image).expect(0).out();
    String hottest = text.lines().skip(3).findFirst().orElseThrow();
    assertTrue(hottest.matches(" +[0-9]+ +[0-9.]+ +[0-9]+ +[0-9.]+  sort .*quicksort.cc"), hottest);
    assertTrue(text.contains("Lines of sort:"), text);
    assertTrue(text.contains("while (a[i] < pivot)"), text);
    Object json = JsonReader.parse(Curios.run("profile", image, "--json").expect(0).out());
    assertEquals("sort", JsonReader.at(json, "hottest"));
    assertEquals(9973, JsonReader.number(json, "every_ticks"));
    assertEquals("sort", JsonReader.at(json, "functions", 0, "function"));
  }

  @Test
  void flameGraphIsSound() throws Exception {
    Path svg = file("flame.svg");
    Curios.run("profile", Debuggee.image("bench/calls"), "--flame", svg.toString()).expect(0);
    String text = Files.readString(svg);
    assertFalse(text.contains("http") && !text.contains("http://www.w3.org/2000/svg"), "no links");
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    NodeList groups = document.getElementsByTagName("g");
    double widest = 0;
    int frames = 0;
    for (int i = 0; i < groups.getLength(); i++) {
      Element group = (Element) groups.item(i);
      if (group.hasAttribute("data-n")) {
        frames++;
        Element rect = (Element) group.getElementsByTagName("rect").item(0);
        double x = Double.parseDouble(rect.getAttribute("x"));
        double width = Double.parseDouble(rect.getAttribute("width"));
        assertTrue(x >= 9.99 && x + width <= 1190.01, "within the picture: " + x + " " + width);
        widest = Math.max(widest, width);
      }
    }
    assertEquals(1180, widest, 0.01, "all");
    assertTrue(frames > 5, "calls: " + frames);
  }

  @Test
  void wrongUseIsSaid() {
    Curios.run("profile", "nothing.elf").complains("nothing.elf", "no such file");
    Curios.run("profile", "embedded", "--every", "0").complains("--every 0");
    Curios.run("profile", "embedded", "--policy", "x").complains("--policy x", "ssr-packed");
    Curios.run("profile", "embedded", "--max-ticks", "9", "--flame", folder + "/a/b.svg")
        .complains("a/b.svg", "folder");
  }
}
