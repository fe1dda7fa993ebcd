package org.curios.tests.build;

import java.nio.file.Path;

/**
 * A jar of a Maven repository.
 *
 * @param group group
 * @param name artifact
 * @param version version
 */
record Artifact(String group, String name, String version) {
  Path in(Path repository) {
    return repository
        .resolve(group.replace('.', '/'))
        .resolve(name)
        .resolve(version)
        .resolve(name + "-" + version + ".jar");
  }

  /** Returns the artifact of a jar in a repository. */
  static Artifact of(Path repository, Path jar) {
    Path folder = repository.relativize(jar.getParent());
    int parts = folder.getNameCount();
    return new Artifact(
        folder.subpath(0, parts - 2).toString().replace('/', '.'),
        folder.getName(parts - 2).toString(),
        folder.getName(parts - 1).toString());
  }

  @Override
  public String toString() {
    return group + ":" + name + ":" + version;
  }
}
