package org.curios.kernel.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Builds the guest images that {@code images.txt} lists: {@code GuestBuild SOURCE_FOLDER
 * TARGET_FOLDER}. An image whose inputs have not changed is left alone; the same inputs give the
 * same bytes.
 */
public final class GuestBuild {
  private static final List<String> FLAGS =
      List.of(
          "--target=armv5te-none-eabi",
          "-mcpu=arm926ej-s",
          "-mfloat-abi=soft",
          "-ffreestanding",
          "-fno-builtin",
          "-nostdlibinc",
          "-O2",
          "-g",
          "-ffunction-sections",
          "-fdata-sections",
          "-Wall",
          "-Wextra",
          "-Werror",
          "-Ilib",
          "-fdebug-compilation-dir=.");
  private static final List<String> CXX_FLAGS =
      List.of(
          "-std=c++20",
          "-fno-exceptions",
          "-fno-rtti",
          "-fno-threadsafe-statics",
          "-fno-use-cxa-atexit");

  /**
   * A line of {@code images.txt}.
   *
   * @param name path of the image below the resources, without its ending
   * @param script linker script
   * @param flags flags beside the common ones
   * @param sources source files
   */
  private record Target(String name, String script, List<String> flags, List<String> sources) {
    static Target parse(String line) {
      String[] fields = line.split("\\s*\\|\\s*");
      if (fields.length != 4) {
        throw new IllegalArgumentException(
            "images.txt: want NAME | SCRIPT | FLAGS | SOURCES: " + line);
      }
      return new Target(fields[0].trim(), fields[1], words(fields[2]), words(fields[3]));
    }

    private static List<String> words(String text) {
      return text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
    }
  }

  private final Path source;
  private final Path target;
  private Toolchain toolchain;

  private GuestBuild(Path source, Path target) {
    this.source = source;
    this.target = target;
  }

  /** Builds everything. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      new GuestBuild(Path.of(arguments[0]), Path.of(arguments[1])).build();
    } catch (ExecutionException e) {
      System.err.println(e.getCause().getMessage());
      System.exit(1);
    }
  }

  private void build() throws IOException, InterruptedException, ExecutionException {
    List<Target> targets =
        Files.readAllLines(source.resolve("images.txt")).stream()
            .filter(l -> !l.isBlank() && !l.startsWith("#"))
            .map(Target::parse)
            .toList();
    Path list = target.resolve("classes/org/curios/kernel/images.txt");
    Files.createDirectories(list.getParent());
    Files.copy(source.resolve("images.txt"), list, StandardCopyOption.REPLACE_EXISTING);
    String shared = hashOfTree(source.resolve("lib")) + hashOfTree(source.resolve("include"));
    try (ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Future<?>> running = new ArrayList<>();
      for (Target t : targets) {
        running.add(
            workers.submit(() -> {
              buildImage(t, shared);
              return null;
            }));
      }
      for (Future<?> f : running) {
        f.get();
      }
    }
  }

  private synchronized Toolchain toolchain() throws IOException {
    if (toolchain == null) {
      toolchain = new Toolchain();
    }
    return toolchain;
  }

  private void buildImage(Target t, String shared) throws IOException, InterruptedException {
    Path image = target.resolve("classes/org/curios/kernel").resolve(t.name + ".elf");
    Path stamp = target.resolve("guest").resolve(t.name + ".hash");
    StringBuilder inputs = new StringBuilder(shared).append(t).append(FLAGS).append(CXX_FLAGS);
    for (String s : t.sources) {
      inputs.append(hashOfTree(source.resolve(s).getParent()));
    }
    inputs.append(hash(Files.readAllBytes(source.resolve(t.script))));
    String wanted = hash(inputs.toString().getBytes(StandardCharsets.UTF_8));
    if (Files.exists(image) && Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return;
    }
    Files.createDirectories(image.getParent());
    Files.createDirectories(stamp.getParent());
    List<String> link =
        new ArrayList<>(
            List.of("-T", script(t), "--gc-sections", "--build-id=none", "-o", image.toString()));
    for (String s : t.sources) {
      Path object = target.resolve("guest").resolve(t.name + "-" + s.replace('/', '_') + ".o");
      List<String> compile = new ArrayList<>(FLAGS);
      if (s.endsWith(".cc")) {
        compile.addAll(CXX_FLAGS);
      }
      compile.addAll(t.flags);
      compile.addAll(List.of("-c", s, "-o", object.toString()));
      toolchain().compile(source, compile);
      link.add(object.toString());
    }
    toolchain().link(source, link);
    Files.writeString(stamp, wanted);
  }

  /** The linker script, with what its {@code %each} blocks repeat written out. */
  private String script(Target t) throws IOException {
    Path expanded = target.resolve("guest").resolve(t.name + ".ld");
    Files.createDirectories(expanded.getParent());
    Files.write(expanded, ScriptTemplate.expand(Files.readAllLines(source.resolve(t.script))));
    return expanded.toAbsolutePath().toString();
  }

  private static String hashOfTree(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.walk(folder)) {
      for (Path f : files.filter(Files::isRegularFile).sorted().toList()) {
        all.append(folder.relativize(f)).append(hash(Files.readAllBytes(f)));
      }
    }
    return hash(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
