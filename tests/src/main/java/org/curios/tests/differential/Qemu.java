package org.curios.tests.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.curios.tests.Programs;

/** Runs an image on qemu-system-arm, the independent implementation. */
public final class Qemu {
  private static final String COMMAND = "qemu-system-arm";

  private Qemu() {}

  /** Returns whether it is installed. */
  public static boolean isThere() {
    return Programs.isThere(COMMAND, "--version");
  }

  /**
   * Runs an executable until it exits; returns what it sends to UART0 and semihosting.
   *
   * @throws IOException when it cannot be started or does not end in time
   */
  public static byte[] run(byte[] elf, int seconds) throws IOException, InterruptedException {
    Path image = Files.createTempFile("curios", ".elf");
    try {
      Files.write(image, elf);
      Process process =
          new ProcessBuilder(
                  COMMAND,
                  "-M",
                  "versatilepb",
                  "-nographic",
                  "-monitor",
                  "none",
                  "-audiodev",
                  "none,id=none",
                  "-semihosting-config",
                  "enable=on,target=native",
                  "-kernel",
                  image.toString())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      Thread reader =
          new Thread(() -> {
            try (InputStream from = process.getInputStream()) {
              from.transferTo(output);
            } catch (IOException e) {
              output.writeBytes(
                  ("[lost: " + e.getMessage() + "]")
                      .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
          });
      reader.start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("qemu-system-arm did not end within " + seconds + " s");
      }
      reader.join();
      return output.toByteArray();
    } finally {
      Files.delete(image);
    }
  }
}
