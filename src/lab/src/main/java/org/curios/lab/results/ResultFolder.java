package org.curios.lab.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.curios.lab.LabException;

/**
 * The folder that results are written to; no name and no symbolic link leads out of it.
 *
 * @param path its place
 */
public record ResultFolder(Path path) {
  /** Uses a folder, which need not exist yet. */
  public ResultFolder {
    path = path.toAbsolutePath().normalize();
  }

  /**
   * Returns the place of a file.
   *
   * @param name its name in the folder
   * @throws LabException if that is not within the folder
   */
  public Path place(String name) {
    try {
      Path file = path.resolve(name).normalize();
      Path real = path.toFile().exists() ? path.toRealPath() : path;
      Path parent = file.getParent();
      while (parent != null && !Files.exists(parent)) {
        parent = parent.getParent();
      }
      boolean within = file.startsWith(path) && !file.equals(path) && !Path.of(name).isAbsolute();
      boolean linked = within && parent.startsWith(path) && !parent.toRealPath().startsWith(real);
      if (within && !linked && !Files.isSymbolicLink(file)) {
        return file;
      }
    } catch (InvalidPathException | IOException e) {
      // reported below
    }
    throw new LabException(
        name + ": give the name of a file within the folder of results, " + path);
  }

  /**
   * Writes a file atomically.
   *
   * @param file its place in the folder
   * @throws IOException if it cannot be written
   */
  public void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.write(part, bytes);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
