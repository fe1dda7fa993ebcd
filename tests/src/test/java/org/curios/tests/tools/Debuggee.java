package org.curios.tests.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.curios.machine.Image;
import org.curios.machine.ImageException;
import org.curios.tests.command.Curios;

/** A {@code curios} in a process of its own that waits for a debugger. */
final class Debuggee implements AutoCloseable {
  /** Seconds that a step may take: generous, the machine may be busy. */
  static final long PATIENCE = 90;

  static final Path ROOT =
      Path.of(System.getProperty("curios.root", "..")).toAbsolutePath().normalize();

  private final Process process;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final List<String> output = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();

  Debuggee(String... arguments) throws IOException {
    process = Curios.start(arguments);
    read(process.errorReader(), messages::add);
    read(
        process.inputReader(),
        line -> {
          synchronized (output) {
            output.add(line);
          }
        });
  }

  private void read(BufferedReader reader, java.util.function.Consumer<String> lines) {
    readers.add(
        Thread.ofVirtual()
            .start(() -> {
              try (reader) {
                reader.lines().forEach(lines);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }));
  }

  /** Returns a guest program as a file whose sources are found in the checkout. */
  static String image(String name) {
    Path image = ROOT.resolve("kernel/target/classes/org/curios/kernel/" + name + ".elf");
    assertTrue(Files.exists(image), () -> image + " is missing; build the kernel first");
    return image.toString();
  }

  /** Returns the path of a copy of a guest program, beside it, that does so many units of work. */
  static String image(String name, int units) throws IOException, ImageException {
    byte[] elf = Files.readAllBytes(Path.of(image(name)));
    int address =
        Image.parse(name, elf).symbols().stream()
            .filter(s -> s.name().equals("bench_repetitions"))
            .findFirst()
            .orElseThrow()
            .address();
    ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    int headers = file.getInt(28);
    for (int at = headers; at < headers + 32 * file.getShort(44); at += 32) {
      int distance = address - file.getInt(at + 8);
      if (file.getInt(at) == 1 && distance >= 0 && distance < file.getInt(at + 16)) {
        file.putInt(file.getInt(at + 4) + distance, units);
      }
    }
    Path beside = Path.of(image(name)).getParent(); // sources are looked for from there
    Path copy = Files.createTempFile(beside, "copy", ".elf");
    copy.toFile().deleteOnExit();
    return Files.write(copy, elf).toString();
  }

  /** Returns the path of a source file of the guest. */
  static String source(String file) {
    return ROOT.resolve("kernel").resolve(file).toString();
  }

  /** Returns a loopback port that nobody uses now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits for a line on standard error and returns it. */
  String message(String part) throws InterruptedException {
    List<String> seen = new ArrayList<>();
    while (true) {
      String line = messages.poll(PATIENCE, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("no '" + part + "' among what it said: " + seen);
      }
      if (line.contains(part)) {
        return line;
      }
      seen.add(line);
    }
  }

  /** Waits for the end; returns the exit status. */
  int end() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE, TimeUnit.SECONDS), "it does not end");
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  /** Waits for the end, which is to be one without errors. */
  void endsWell() throws InterruptedException {
    assertEquals(0, end(), () -> "it says " + messages());
  }

  /** Returns what the guest has printed so far. */
  List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  /** Waits until so many lines of standard output have a text in them. */
  void printed(int count, String part) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
    while (output().stream().filter(line -> line.contains(part)).count() < count) {
      assertTrue(System.nanoTime() < end, () -> "no '" + part + "' in " + output());
      Thread.sleep(10);
    }
  }

  /** Returns what was said on standard error and not waited for. */
  List<String> messages() {
    return List.copyOf(messages);
  }

  void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
