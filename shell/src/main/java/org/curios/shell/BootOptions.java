package org.curios.shell;

import java.io.IOException;
import java.nio.file.Path;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.BootFiles;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;
import org.curios.machine.net.Cable;
import picocli.CommandLine.Option;

/** The options with which an image is started on the board, as known from QEMU. */
final class BootOptions {
  @Option(
      names = "--append",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Command line of a kernel.")
  private String append;

  @Option(
      names = "--initrd",
      paramLabel = "FILE",
      description = "Initial RAM disk of a kernel, raw or as a U-Boot image.")
  private Path initrd;

  @Option(
      names = "--dtb",
      paramLabel = "FILE",
      description = "Device tree; memory, command line and RAM disk are written into it.")
  private Path dtb;

  @Option(
      names = "--flash",
      paramLabel = "FILE",
      description =
          "Image of the flash memory at 0x34000000, up to 64 MiB; changes are written to it.")
  private Path flash;

  @Option(names = "--no-reboot", description = "End the run where the board would reset.")
  private boolean noReboot;

  @Option(
      names = "--lenient",
      description =
          "Where there is no device, read 0 and ignore writes instead of aborting; each place is reported once.")
  private boolean lenient;

  @Option(
      names = "--net",
      paramLabel = "FAR-END",
      description = {
        "Connect the network to stream:HOST:PORT or stream:PATH (QEMU's -netdev stream, passt),",
        "tap:INTERFACE, or switch:NAME. Options follow commas: loss, reorder, duplicate and corrupt with a",
        "percentage, seed=NUMBER, mac=ADDRESS."
      })
  private String net;

  @Option(
      names = "--pcap",
      paramLabel = "FILE",
      description = "Write the packets of the network cable to a file for Wireshark and tcpdump.")
  private Path pcap;

  @Option(
      names = "--symbols",
      paramLabel = "FILE",
      description =
          "ELF file with the symbols and lines of the image, such as the vmlinux of a zImage.")
  private Path symbols;

  /** Passes on the options of the board. */
  void apply(MachineBuilder builder) throws ImageException {
    builder.flash(flash).reboots(!noReboot).net(cable()).capture(pcap);
    if (lenient) {
      builder.lenient(line -> System.err.println("curios: " + line));
    }
  }

  /** Returns the guest's default address. */
  String usualIp() {
    return net == null ? "" : "dhcp";
  }

  private Cable cable() throws ImageException {
    if (net == null) {
      if (pcap != null) {
        throw new ImageException("--pcap " + pcap + ": there is no network to capture; give --net");
      }
      return null;
    }
    try {
      return Cable.parse(net);
    } catch (IOException e) {
      throw new ImageException("--net " + e.getMessage());
    }
  }

  /** Reads the files that go with an image. */
  BootFiles files() throws ImageException {
    return new BootFiles(append, blob(initrd), blob(dtb));
  }

  /**
   * Reads the file with the symbols and debug information of an image.
   *
   * @return its bytes, or null if none is given
   */
  byte[] symbols() throws ImageException {
    return symbols == null ? null : Image.readBytes(symbols);
  }

  /** Returns an image with the symbols of {@link #symbols}; the image itself if there are none. */
  Image named(Image image, byte[] elf) throws ImageException {
    if (elf == null) {
      return image;
    }
    Image named = Image.parse(symbols.toString(), elf);
    if (named.symbols().isEmpty()) {
      throw new ImageException(
          symbols + ": no ELF executable with symbols; give one that was not stripped");
    }
    return image.withSymbols(named);
  }

  private static BootFiles.Blob blob(Path file) throws ImageException {
    return file == null ? null : new BootFiles.Blob(file.toString(), Image.readBytes(file));
  }
}
