package org.curios.tests.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.junit.jupiter.api.Assumptions;

/**
 * The images of stock Linux, which are not part of the project: a folder {@code linux-6.1} in that
 * of the environment variable CURIOS_IMAGES, or in {@code ../shared/images}. It holds a zImage, its
 * device trees, and a RAM disk whose script does what the words of the command line say.
 *
 * @param folder that of the images
 */
record LinuxImages(Path folder) {
  /** Finds the images; skips the test where there are none. */
  static LinuxImages find() {
    String named = System.getenv("CURIOS_IMAGES");
    Path root = Path.of(System.getProperty("curios.root", "..")).toAbsolutePath().normalize();
    Path folder =
        (named != null ? Path.of(named) : root.resolve("../shared/images"))
            .resolve("linux-6.1")
            .normalize();
    Assumptions.assumeTrue(
        Files.isReadable(folder.resolve("zImage")),
        "no Linux in " + folder + "; set CURIOS_IMAGES to the folder that holds linux-6.1");
    return new LinuxImages(folder);
  }

  /** Returns the path of an image. */
  String path(String name) {
    return folder.resolve(name).toString();
  }

  /** Reads an image for the boot of a machine. */
  BootFiles.Blob blob(String name) throws ImageException {
    return new BootFiles.Blob(name, Image.readBytes(folder.resolve(name)));
  }

  /** Reads the kernel. */
  Image kernel() throws ImageException {
    return Image.read(folder.resolve("zImage"));
  }
}
