package org.curios.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.curios.arm.GuestExit;
import org.curios.machine.Image;
import org.curios.machine.Machine;

/** Runs of a benchmark program: the seconds between the lines that it prints. */
final class Runs {
  private static final double WARM = 1.2;

  private Runs() {}

  /** Gathers the times at which lines end. */
  private static final class Lines extends OutputStream {
    private final List<Double> seconds = new ArrayList<>();
    private long last = System.nanoTime();

    @Override
    public void write(int b) {
      if (b == '\n') {
        long now = System.nanoTime();
        seconds.add((now - last) / 1e9);
        last = now;
      }
    }

    double[] times() {
      return seconds.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  static double[] ours(byte[] elf) throws Exception {
    Lines lines = new Lines();
    try (Machine machine = new Machine.Builder().console(new PrintStream(lines, false)).build()) {
      machine.load(Image.parse("benchmark", elf));
      try {
        machine.run(Long.MAX_VALUE);
        throw new IOException("the program did not exit");
      } catch (GuestExit e) {
        check(e.status());
      }
    }
    return lines.times();
  }

  static double[] qemu(byte[] elf) throws IOException, InterruptedException {
    Path image = Files.createTempFile("curios", ".elf");
    try {
      Files.write(image, elf);
      Process process =
          new ProcessBuilder(
                  "qemu-system-arm",
                  "-M",
                  "versatilepb",
                  "-nographic",
                  "-monitor",
                  "none",
                  "-audiodev",
                  "none,id=none",
                  "-semihosting-config",
                  "enable=on",
                  "-kernel",
                  image.toString())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      Lines lines = new Lines();
      try (InputStream output = process.getInputStream()) {
        byte[] buffer = new byte[256];
        for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
          for (int i = 0; i < n; i++) {
            lines.write(buffer[i]);
          }
        }
      }
      check(process.waitFor());
      return lines.times();
    } catch (IOException e) {
      throw new IOException(
          "qemu-system-arm cannot be run; install qemu-system-arm (" + e.getMessage() + ")", e);
    } finally {
      Files.delete(image);
    }
  }

  private static void check(int status) throws IOException {
    if (status != 0) {
      throw new IOException("the program found a wrong result (status " + status + ")");
    }
  }

  /** Returns the seconds of a unit of work in steady state: the median of the second half. */
  static double steady(double[] times) {
    return Main.median(Arrays.copyOfRange(times, times.length / 2, times.length));
  }

  /** Returns the seconds until the first unit that took about as long as in steady state. */
  static double warmUp(double[] times) {
    double limit = WARM * steady(times);
    double sum = 0;
    for (int i = 0; i < times.length && times[i] > limit; i++) {
      sum += times[i];
    }
    return sum;
  }
}
