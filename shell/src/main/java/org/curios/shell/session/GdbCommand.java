package org.curios.shell.session;

import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.lab.gdb.GdbServer;
import org.curios.lab.session.SessionException;
import org.curios.machine.image.Image;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command that serves gdb. */
@Command(name = "debugger")
final class GdbCommand implements AutoCloseable {
  private final Shell shell;
  private final Image image;
  private final byte[] elf;
  private GdbServer server;

  /**
   * Takes what the machine runs.
   *
   * @param elf the image as gdb can read it; null if it is no ELF file
   */
  GdbCommand(Shell shell, Image image, byte[] elf) {
    this.shell = shell;
    this.image = image;
    this.elf = elf;
  }

  @Command(
      customSynopsis = "gdb [PORT|off]",
      description = {
        "Serve gdb on a port of the loopback address, by default any free one. gdb off stops serving."
      },
      footer = {"Examples:", "  gdb 1234", "  gdb off"})
  void gdb(@Parameters(arity = "0..1", defaultValue = "0", paramLabel = "PORT|off") String port) {
    if (port.equals("off")) {
      if (server == null) {
        throw new SessionException("gdb is not being served; start with gdb PORT");
      }
      close();
      return;
    }
    if (server != null) {
      throw new SessionException(
          "gdb is being served on port " + server.port() + " already; stop it first with gdb off");
    }
    server = new GdbServer(shell.session(), image, elf, number(port), shell::notice);
    shell.say(invitation(server));
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new SessionException(port + ": no such port; give one from 1 to 65535, or 0 for any");
    }
  }

  /** Says how to attach, with the guest's sources where they are there. */
  private static String invitation(GdbServer server) {
    String root = System.getProperty("curios.root");
    Path sources = root == null ? null : Path.of(root, "kernel");
    boolean there = sources != null && Files.isDirectory(sources);
    return server.waiting()
        + "; connect with: gdb-multiarch"
        + (there ? " -ex 'directory " + sources + "'" : "")
        + " -ex 'target remote :"
        + server.port()
        + "'";
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
