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
  private static final List<String> GUEST_FLAGS =
      List.of("--target=armv5te-none-eabi", "-mcpu=arm926ej-s", "-mfloat-abi=soft");
  private static final String X86 = "--target=x86_64-linux-gnu";
  private static final List<String> FLAGS =
      List.of(
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
   * @param script linker script; empty for a program of the host
   * @param processor flags that say what to compile for
   * @param flags further flags besides the common ones
   * @param sources source files
   */
  private record Target(
      String name,
      String script,
      List<String> processor,
      List<String> flags,
      List<String> sources) {
    private static final String BENCHMARKS = "bench/";
    private static final String HOST = "host/";

    static Target of(ImageList.Entry entry) {
      return new Target(entry.name(), entry.script(), GUEST_FLAGS, entry.flags(), entry.sources());
    }

    /** Returns whether it is a program of the host only. */
    boolean isForHost() {
      return name.startsWith(HOST);
    }

    /** Returns the same for another processor. */
    Target with(List<String> processorFlags) {
      return new Target(name, script, processorFlags, flags, sources);
    }

    /**
     * Returns whether it is also built as a program of the host, as the limit of what is possible.
     */
    boolean hasHostProgram() {
      return name.startsWith(BENCHMARKS) && !flags.contains("-mthumb");
    }

    /**
     * Returns the same program for the host, from the same sources except for the start-up code.
     */
    Target hostProgram(List<String> hostFlags) {
      List<String> parts = new ArrayList<>(sources);
      parts.replaceAll(s -> s.equals("lib/start.S") ? "lib/host.cc" : s);
      return new Target(HOST + name.substring(BENCHMARKS.length()), "", hostFlags, flags, parts);
    }

    /** Returns the file with the order of functions, which need not exist. */
    String order() {
      return Path.of(script).resolveSibling("order.txt").toString();
    }

    /** Returns the linker's arguments besides the objects. */
    List<String> linkFlags(String expandedScript) {
      return script.isEmpty() ? List.of("-static", "-e", "_start") : List.of("-T", expandedScript);
    }
  }

  private static List<String> concat(List<String> a, List<String> b) {
    List<String> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
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
        new ArrayList<>(
            ImageList.read(source.resolve("images.txt")).stream().map(Target::of).toList());
    List<String> hostFlags = hostFlags();
    targets.removeIf(t -> t.isForHost() && !hostFlags.contains(X86));
    targets.replaceAll(t -> t.isForHost() ? t.with(hostFlags) : t);
    if (!hostFlags.isEmpty()) {
      List<Target> host = new ArrayList<>();
      targets.stream()
          .filter(Target::hasHostProgram)
          .forEach(t -> host.add(t.hostProgram(hostFlags)));
      targets.addAll(host);
    }
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

  /** Returns the flags that make clang compile for this host; empty where host.cc knows no way. */
  private static List<String> hostFlags() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return List.of();
    }
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> List.of(X86, "-fno-pic", "-fno-stack-protector");
      case "aarch64" -> List.of("--target=aarch64-linux-gnu", "-fno-pic", "-fno-stack-protector");
      default -> List.of();
    };
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
    if (!t.script.isEmpty()) {
      inputs.append(hash(Files.readAllBytes(source.resolve(t.script))));
    }
    String wanted = hash(inputs.toString().getBytes(StandardCharsets.UTF_8));
    if (Files.exists(image) && Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return;
    }
    Files.createDirectories(image.getParent());
    Files.createDirectories(stamp.getParent());
    List<String> link =
        concat(
            t.linkFlags(t.script.isEmpty() ? "" : script(t)),
            List.of("--gc-sections", "--build-id=none", "-o", image.toString()));
    if (Files.exists(source.resolve(t.order()))) {
      link.addAll(List.of("--symbol-ordering-file", t.order(), "--no-warn-symbol-ordering"));
    }
    for (String s : t.sources) {
      Path object = target.resolve("guest").resolve(t.name + "-" + s.replace('/', '_') + ".o");
      List<String> compile = concat(concat(FLAGS, t.processor), t.flags);
      if (s.endsWith(".cc")) {
        compile.addAll(CXX_FLAGS);
      }
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
