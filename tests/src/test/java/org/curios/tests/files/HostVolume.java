package org.curios.tests.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.curios.arm.bus.GuestExit;
import org.curios.kernel.Images;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;

/** An image with ext2 on it: made and looked at by e2fsprogs, used by the guest's script client. */
final class HostVolume {
  private static final long MAX_TICKS = 20_000_000_000L;
  private static final long SECONDS = 120;
  private static final Pattern LINE = Pattern.compile("script0: (\\d+) (-?\\d+)(?: (\\d+))?");
  private static final Pattern END = Pattern.compile("script0: end (-?\\d+)");

  /**
   * What the guest said of a line of the script.
   *
   * @param value the result, or an error
   * @param digest of the data that came with it; null if there were none
   */
  record Result(int value, Integer digest) {}

  final Path image;

  private HostVolume(Path image) {
    this.image = image;
  }

  static HostVolume of(Path image) {
    return new HostVolume(image);
  }

  /**
   * Makes one.
   *
   * @param size as mke2fs wants it, such as 8M
   * @param options for mke2fs
   */
  static HostVolume make(Path image, String size, String... options) throws Exception {
    Files.deleteIfExists(image);
    List<String> command = new ArrayList<>(List.of("mke2fs", "-q", "-t", "ext2"));
    command.addAll(List.of(options));
    command.addAll(List.of(image.toString(), size));
    run(0, command.toArray(String[]::new));
    return new HostVolume(image);
  }

  /** Puts a file of the host's onto it. */
  void put(String name, byte[] content) throws Exception {
    run(0, "debugfs", "-w", "-R", "rm " + name, image.toString());
    Path file = Files.createTempFile("put", ".bin");
    try {
      Files.write(file, content);
      run(0, "debugfs", "-w", "-R", "write " + file + " " + name, image.toString());
    } finally {
      Files.delete(file);
    }
  }

  /** Returns what debugfs finds in a file. */
  byte[] content(String path) throws Exception {
    Path file = Files.createTempFile("dump", ".bin");
    try {
      run(0, "debugfs", "-R", "dump \"" + path + "\" " + file, image.toString());
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
  }

  /** Returns whether a file is there with this content. */
  boolean has(String path, byte[] content) throws Exception {
    return !debug("stat " + path).contains("not found") && Arrays.equals(content, content(path));
  }

  /** Gives a file in the root another name, in the place of one that may be there. */
  void rename(String from, String to) throws Exception {
    run(0, "debugfs", "-w", "-R", "rm " + to, image.toString());
    run(0, "debugfs", "-w", "-R", "ln " + from + " " + to, image.toString());
  }

  /** Returns what a command of debugfs says. */
  String debug(String command) throws Exception {
    return run(0, "debugfs", "-R", command, image.toString());
  }

  /** e2fsck must find nothing. */
  void mustBeClean() throws Exception {
    run(0, "e2fsck", "-fn", image.toString());
  }

  /** Returns whether e2fsck finds nothing. */
  boolean isClean() throws Exception {
    return status("e2fsck", "-fn", image.toString()) == 0;
  }

  /** e2fsck must be able to repair it. */
  void mustBeRepairable() throws Exception {
    int status = status("e2fsck", "-fy", image.toString());
    assertTrue(status <= 1, "e2fsck -fy gave " + status);
    mustBeClean();
  }

  /** Writes other bytes at a place of the image. */
  void poke(long at, byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(at);
      file.write(bytes);
    }
  }

  /** Has the guest carry out a script; the results by line. */
  List<Result> script(String policy, List<String> lines) throws Exception {
    put("script", (String.join("\n", lines) + "\n").getBytes(US_ASCII));
    return boot(policy, lines.size());
  }

  /** Boots the guest with the script that is on the card. */
  List<Result> boot(String policy, int lines) throws Exception {
    String text = transcript(policy);
    Matcher end = END.matcher(text);
    assertTrue(end.find() && end.group(1).equals("0"), text);
    List<Result> results = new ArrayList<>();
    Matcher m = LINE.matcher(text);
    while (m.find()) {
      assertEquals(results.size(), Integer.parseInt(m.group(1)), text);
      Integer digest = m.group(3) == null ? null : Integer.parseUnsignedInt(m.group(3));
      results.add(new Result(Integer.parseInt(m.group(2)), digest));
    }
    assertEquals(lines, results.size(), text);
    return results;
  }

  /** Boots the guest and returns all it says; it must come to its end. */
  String transcript(String policy) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Machine machine =
        new MachineBuilder()
            .ram(64 << 20)
            .sd(image)
            .console(new PrintStream(output, true, US_ASCII))
            .build()) {
      machine.load(image(policy));
      int status = run(machine);
      assertEquals(0, status, () -> output.toString(US_ASCII));
    }
    return output.toString(US_ASCII);
  }

  private static int run(Machine machine) {
    try {
      machine.run(MAX_TICKS);
      return -1;
    } catch (GuestExit exit) {
      return exit.status();
    }
  }

  /** The guest with another policy in its boot arguments. */
  static Image image(String policy) throws Exception {
    byte[] elf = Images.elf("files/script");
    String text = new String(elf, ISO_8859_1);
    int at = text.indexOf("policy=ssr-packed run=");
    byte[] arguments = ("policy=" + policy + " run=script").getBytes(US_ASCII);
    Arrays.fill(elf, at, at + 256, (byte) 0);
    System.arraycopy(arguments, 0, elf, at, arguments.length);
    return Image.parse("script", elf);
  }

  private static int status(String... command) throws Exception {
    Path log = Files.createTempFile("tool", ".txt");
    try {
      return start(log, command).exitValue();
    } finally {
      Files.delete(log);
    }
  }

  private static String run(int wanted, String... command) throws Exception {
    Path log = Files.createTempFile("tool", ".txt");
    try {
      int status = start(log, command).exitValue();
      String text = Files.readString(log, ISO_8859_1);
      assertEquals(wanted, status, String.join(" ", command) + ": " + text);
      return text;
    } finally {
      Files.delete(log);
    }
  }

  private static Process start(Path log, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return process;
  }
}
