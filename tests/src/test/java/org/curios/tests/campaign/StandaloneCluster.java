package org.curios.tests.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A standalone cluster of Spark on the loopback address: a master, and workers of a core each. */
final class StandaloneCluster implements AutoCloseable {
  private static final Pattern URL =
      Pattern.compile("Starting Spark master at (spark://127\\.0\\.0\\.1:\\d+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");
  private static final long SECONDS = 120;

  /** What Spark's own launcher opens for it. */
  static final List<String> OPENS =
      Stream.of(
              "java.lang",
              "java.lang.invoke",
              "java.nio",
              "java.util",
              "java.util.concurrent",
              "sun.nio.ch",
              "sun.util.calendar")
          .map(p -> "--add-opens=java.base/" + p + "=ALL-UNNAMED")
          .toList();

  private final Path jars;
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String url;

  /**
   * Starts one, and waits until all workers are there.
   *
   * @param jars folder of Spark's jars
   * @param folder for logs and what workers keep
   */
  StandaloneCluster(Path jars, Path folder, int workers) throws IOException, InterruptedException {
    this.jars = jars;
    this.folder = folder;
    Files.createDirectories(folder);
    start("master", "org.apache.spark.deploy.master.Master", "--port", "0", "--webui-port", "0");
    url = await(0, "master", URL);
    for (int i = 0; i < workers; i++) {
      String name = "worker" + i;
      Files.createDirectories(folder.resolve(name));
      start(
          name,
          "org.apache.spark.deploy.worker.Worker",
          "--cores",
          "1",
          "--memory",
          "2g",
          "--webui-port",
          "0",
          "--work-dir",
          folder.resolve(name).toString(),
          url);
    }
    for (int i = 0; i < workers; i++) {
      await(1 + i, "worker" + i, REGISTERED);
    }
  }

  private void start(String name, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(OPENS);
    command.addAll(List.of("-cp", jars + "/*", main, "--host", "127.0.0.1"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_HOME", jars.getParent().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    processes.add(
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start());
  }

  /** Waits until a log has something; returns the first group, if there is one. */
  private String await(int number, String name, Pattern text)
      throws IOException, InterruptedException {
    Process process = processes.get(number);
    for (long began = System.nanoTime();
        System.nanoTime() - began < TimeUnit.SECONDS.toNanos(SECONDS); ) {
      Matcher m = text.matcher(Files.readString(folder.resolve(name + ".log")));
      if (m.find()) {
        return m.groupCount() == 0 ? "" : m.group(1);
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new AssertionError(name + ":\n" + log(name));
  }

  private String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where the master is. */
  String url() {
    return url;
  }

  /** Returns whether an executor of a worker has joined a driver. */
  boolean hasExecutor(int worker) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("worker" + worker))) {
      for (Path log : files.filter(f -> f.endsWith("stderr")).toList()) {
        if (Files.readString(log).contains("Successfully registered with driver")) {
          return true;
        }
      }
      return false;
    }
  }

  /** Kills a worker and its executors, as a power cut would. */
  void kill(int worker) throws InterruptedException {
    Process process = processes.get(1 + worker);
    List<ProcessHandle> executors = process.descendants().toList();
    process.destroyForcibly().waitFor();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    for (Process p : processes.reversed()) {
      List<ProcessHandle> executors = p.descendants().toList();
      p.destroyForcibly();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
