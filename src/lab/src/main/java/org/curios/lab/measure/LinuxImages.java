package org.curios.lab.measure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * Stock Linux, which is not part of the project: the folder {@code linux-6.1} in the one that the
 * environment variable CURIOS_IMAGES names, or in {@code ../shared/images} next to the checkout. It
 * contains a zImage, device trees, and a RAM disk whose script obeys the words of the command line
 * (tests/linux/init).
 *
 * @param folder where they are, or should be
 */
public record LinuxImages(Path folder) {
  /** The board's device tree as Linux ships it. */
  public static final String TREE = "versatile-pb.dtb";

  /** The same with the interrupts of the card slots. */
  public static final String TREE_WITH_CARD = "versatile-pb-card.dtb";

  private static final String KERNEL = "zImage";
  private static final String RAM_DISK = "initrd.gz";

  /** Returns the folder for this process; it need not exist. */
  public static LinuxImages find() {
    String named = System.getenv("CURIOS_IMAGES");
    Path root = Path.of(System.getProperty("curios.root", ".")).toAbsolutePath();
    Path images = named != null ? Path.of(named) : root.resolve("../shared/images");
    return new LinuxImages(images.resolve("linux-6.1").normalize());
  }

  /** Returns whether there is a kernel. */
  public boolean isThere() {
    return Files.isReadable(kernel());
  }

  /** Returns the message if there is none. */
  public String missing() {
    return "no Linux in " + folder + "; set CURIOS_IMAGES to the folder that contains linux-6.1";
  }

  /** Returns the file of the kernel. */
  public Path kernel() {
    return folder.resolve(KERNEL);
  }

  /** Returns the file of a device tree. */
  public Path tree(String name) {
    return folder.resolve(name);
  }

  /** Returns the file of the RAM disk. */
  public Path ramDisk() {
    return folder.resolve(RAM_DISK);
  }

  /**
   * Reads what the kernel is started with.
   *
   * @param tree {@link #TREE} or {@link #TREE_WITH_CARD}
   * @throws ImageException when a file cannot be read
   */
  public BootFiles bootFiles(String commandLine, String tree) throws ImageException {
    return new BootFiles(
        commandLine,
        new BootFiles.Blob(RAM_DISK, Image.readBytes(ramDisk())),
        new BootFiles.Blob(tree, Image.readBytes(tree(tree))));
  }

  /**
   * Returns the command that starts the kernel on QEMU, which ends when Linux resets the board.
   *
   * @param kernel a copy of the kernel
   * @param tree {@link #TREE} or {@link #TREE_WITH_CARD}
   */
  public List<String> onQemu(Path kernel, String commandLine, String tree) {
    return List.of(
        "qemu-system-arm",
        "-M",
        "versatilepb",
        "-m",
        "128",
        "-nographic",
        "-monitor",
        "none",
        "-audiodev",
        "none,id=none",
        "-no-reboot",
        "-kernel",
        kernel.toString(),
        "-dtb",
        tree(tree).toString(),
        "-initrd",
        ramDisk().toString(),
        "-append",
        commandLine);
  }
}
