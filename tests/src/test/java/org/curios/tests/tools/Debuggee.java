package org.curios.tests.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.curios.tests.command.Curios;

/** A {@code curios} in its own process that waits for a debugger. */
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

  /** Returns the path of a source file of the guest. */
  static String source(String file) {
    return ROOT.resolve("kernel").resolve(file).toString();
  }

  /** Returns an unused loopback port. */
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

  /** Waits until a given number of lines of standard output have a text in them. */
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
