package org.curios.lab.debug;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.curios.kernel.Images;
import org.curios.machine.image.SourceLookup;

/** Finds the source files of images: on disk, and for the embedded images among the resources. */
public final class SourceFiles implements SourceLookup {
  private final List<Path> folders;
  private final boolean embedded;

  private SourceFiles(List<Path> folders, boolean embedded) {
    this.folders = folders;
    this.embedded = embedded;
  }

  /**
   * Looks for the texts of an image file: in its folder, in those above it, and in the current one.
   */
  public static SourceFiles of(Path image) {
    List<Path> folders = new ArrayList<>();
    for (Path p = image.toAbsolutePath().normalize().getParent(); p != null; p = p.getParent()) {
      folders.add(p);
    }
    folders.add(Path.of("").toAbsolutePath());
    return new SourceFiles(folders, false);
  }

  /**
   * Looks for the texts of the embedded images; in the checkout, so that editors find them there.
   */
  public static SourceFiles embedded() {
    String root = System.getProperty("curios.root");
    return new SourceFiles(
        root == null ? List.of() : List.of(Path.of(root, "kernel").toAbsolutePath().normalize()),
        true);
  }

  @Override
  public String text(String file) {
    String own = embedded ? Images.source(file) : null;
    Path path = own == null ? path(file) : null;
    if (path == null) {
      return own;
    }
    try {
      return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public Path path(String file) {
    try {
      for (Path folder : folders) {
        Path path = folder.resolve(file).normalize();
        if (Files.isRegularFile(path)) {
          return path;
        }
      }
    } catch (InvalidPathException e) {
      // no path of this host
    }
    return null;
  }
}
