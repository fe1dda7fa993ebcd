package org.curios.kernel.build;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Loader;

/** clang and lld, unpacked from their artifact into the cache of JavaCPP. */
final class Toolchain {
  private static final String VERSION = "20.1";

  private final Path clang;
  private final Path linker;

  Toolchain() throws IOException {
    clang = Path.of(Loader.load(org.bytedeco.llvm.program.clang.class));
    Path folder = clang.getParent();
    String resource = "/org/bytedeco/llvm/" + Loader.getPlatform() + "/lld";
    Path lld = Loader.cacheResource(org.bytedeco.llvm.program.clang.class, resource).toPath();
    if (!lld.toFile().setExecutable(true)) {
      throw new IOException(lld + " cannot be made executable");
    }
    for (String library : List.of("clang-cpp", "LLVM")) {
      link(folder.resolve("lib" + library + ".so." + VERSION), "lib" + library + ".so");
    }
    linker = lld.resolveSibling("ld.lld");
    link(linker, "lld");
  }

  /** Makes a link next to the programs under the name by which they look for a library. */
  private static void link(Path name, String stem) throws IOException {
    if (Files.exists(name)) {
      return;
    }
    Path folder = name.getParent();
    Path target;
    try (var files = Files.list(folder)) {
      target =
          files
              .filter(f -> f.getFileName().toString().startsWith(stem) && !f.equals(name))
              .filter(f -> !Files.isSymbolicLink(f))
              .min(java.util.Comparator.comparingInt(f -> f.getFileName().toString().length()))
              .orElseThrow(() -> new IOException(folder + " has no " + stem));
    }
    try {
      Files.createSymbolicLink(name, target.getFileName());
    } catch (FileAlreadyExistsException e) {
      // another build was faster
    }
  }

  /** Runs clang; throws with its messages if it fails. */
  void compile(Path folder, List<String> arguments) throws IOException, InterruptedException {
    run(folder, clang, arguments);
  }

  /** Runs lld; throws with its messages if it fails. */
  void link(Path folder, List<String> arguments) throws IOException, InterruptedException {
    run(folder, linker, arguments);
  }

  private static void run(Path folder, Path program, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("LD_LIBRARY_PATH", program.getParent().toString());
    Process process = builder.start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + "\n" + output);
    }
  }
}
