package org.curios.tests.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What a pom of ours says; the root pom has the versions. */
final class Pom {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]*)}");

  private final Element project;
  private final Pom root;
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> managed = new HashMap<>();

  private Pom(Element project, Pom root) {
    this.project = project;
    this.root = root == null ? this : root;
    for (Element list : children(project, "properties")) {
      for (Element property : children(list, null)) {
        properties.put(property.getTagName(), property.getTextContent().strip());
      }
    }
    for (Element management : children(project, "dependencyManagement")) {
      for (Element dependency : dependenciesIn(management)) {
        managed.put(
            text(dependency, "groupId") + ":" + text(dependency, "artifactId"),
            text(dependency, "version"));
      }
    }
  }

  static Pom read(Path folder, Pom root) throws IOException {
    try {
      Element project =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(Files.newInputStream(folder.resolve("pom.xml")))
              .getDocumentElement();
      return new Pom(project, root);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(folder + "/pom.xml: " + e.getMessage(), e);
    }
  }

  /** Returns the folders of the modules. */
  Set<String> modules() {
    Set<String> modules = new TreeSet<>();
    children(project, "modules")
        .forEach(m -> children(m, "module").forEach(n -> modules.add(n.getTextContent())));
    return modules;
  }

  String artifactId() {
    return text(project, "artifactId");
  }

  /** Returns the dependencies; those with classifiers represent their plain jars. */
  Set<Artifact> dependencies(boolean tests) {
    Set<Artifact> found = new java.util.HashSet<>();
    for (Element dependency : dependenciesIn(project)) {
      if (tests || !"test".equals(text(dependency, "scope"))) {
        found.add(artifact(dependency));
      }
    }
    return found;
  }

  /** Returns the annotation processors of the compiler. */
  Set<Artifact> processors() {
    Set<Artifact> found = new java.util.HashSet<>();
    var lists = project.getElementsByTagName("annotationProcessorPaths");
    for (int i = 0; i < lists.getLength(); i++) {
      children((Element) lists.item(i), "path").forEach(p -> found.add(artifact(p)));
    }
    return found;
  }

  private Artifact artifact(Element element) {
    String group = text(element, "groupId");
    String name = text(element, "artifactId");
    String version = text(element, "version");
    return new Artifact(
        group, name, version != null ? version : root.managed.get(group + ":" + name));
  }

  private String text(Element parent, String tag) {
    List<Element> found = children(parent, tag);
    if (found.isEmpty()) {
      return null;
    }
    return PROPERTY
        .matcher(found.getFirst().getTextContent().strip())
        .replaceAll(m -> root.properties.getOrDefault(m.group(1), "?" + m.group(1)));
  }

  private static List<Element> dependenciesIn(Element parent) {
    return children(parent, "dependencies").stream()
        .flatMap(d -> children(d, "dependency").stream())
        .toList();
  }

  private static List<Element> children(Element parent, String tag) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && (tag == null || element.getTagName().equals(tag))) {
        found.add(element);
      }
    }
    return found;
  }
}
