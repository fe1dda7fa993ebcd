package org.curios.machine.semihosting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.curios.machine.image.ImageException;

/**
 * The folder of the host whose files the guest may open, remove and rename; no name and no symbolic
 * link leads out of it. Only regular files are accessible.
 */
public final class HostFolder {
  private final Path root;

  /**
   * Takes a folder.
   *
   * @throws ImageException when it is none
   */
  public HostFolder(Path folder) throws ImageException {
    if (!Files.isDirectory(folder)) {
      throw new ImageException(folder + ": no such folder; make it, or give another --host-dir");
    }
    try {
      root = folder.toRealPath();
    } catch (IOException e) {
      throw new ImageException(folder + ": cannot be used (" + e.getMessage() + ")");
    }
  }

  /**
   * Returns the file that a name represents: below the folder, or an absolute name that leads
   * there.
   *
   * @throws GuestFile.Failure when it leads elsewhere, or to no regular file
   */
  private Path file(String name) throws IOException {
    try {
      Path file = root.resolve(name);
      Path parent = file.getParent();
      if (name.isEmpty() || parent == null || file.getFileName() == null) {
        throw new GuestFile.Failure(GuestFile.ENOENT);
      }
      boolean exists = Files.exists(file);
      Path real = exists ? file.toRealPath() : parent.toRealPath().resolve(file.getFileName());
      if (!real.startsWith(root)) {
        throw new GuestFile.Failure(GuestFile.EACCES);
      }
      if (exists ? !Files.isRegularFile(real) : Files.isSymbolicLink(real)) {
        throw new GuestFile.Failure(GuestFile.EACCES);
      }
      return real;
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new GuestFile.Failure(GuestFile.ENOENT);
    }
  }

  /** Opens a file; see {@link HostFile} for the mode. */
  GuestFile open(String name, int mode, boolean again) throws IOException {
    return new HostFile(file(name), mode, again);
  }

  /** Removes a file. */
  void remove(String name) throws IOException {
    Files.delete(file(name));
  }

  /** Renames a file, replacing any file of that name. */
  void rename(String from, String to) throws IOException {
    Path old = file(from);
    if (!Files.exists(old)) {
      throw new GuestFile.Failure(GuestFile.ENOENT);
    }
    Files.move(old, file(to), StandardCopyOption.REPLACE_EXISTING);
  }
}
