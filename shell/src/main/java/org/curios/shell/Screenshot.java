package org.curios.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.machine.Machine;
import org.curios.machine.device.Pl110;
import org.curios.machine.device.Png;
import org.curios.machine.image.ImageException;

/** The picture on the board's screen as a file. */
public final class Screenshot {
  private Screenshot() {}

  /**
   * Writes what the screen shows now.
   *
   * @return the size of the picture, for people
   * @throws ImageException when the file cannot be written
   */
  public static String write(Machine machine, Path file) throws ImageException {
    Pl110.Picture picture = machine.board().screen().picture();
    try {
      Files.write(file, Png.encode(picture));
    } catch (IOException e) {
      throw new ImageException(
          file + ": the picture cannot be written; check that its folder exists and is writable");
    }
    return picture.width() + " by " + picture.height();
  }
}
