package org.curios.tests.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be run is said in a line, which says what to do, and with status 2. */
class BadUsageTest {
  @TempDir Path folder;

  /** Runs an image that would exit with 0. */
  private Curios.Result run(String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "--no-jit"));
    arguments.addAll(List.of(options));
    arguments.add(new RawProgram().exit().in(folder));
    return Curios.run(arguments.toArray(String[]::new));
  }

  private Curios.Result runImage(byte[] bytes) throws IOException {
    return Curios.run("run", "--no-jit", RawProgram.write(folder.resolve("bad.elf"), bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --no-jit",
        "run --no-jit --nonsense x.elf",
        "run --no-jit x.elf y.elf",
        "fly --no-jit"
      })
  void wrongArguments(String line) {
    Curios.Result result = Curios.run(line.split(" ")).expect(2);
    assertEquals("", result.out());
    String[] lines = result.err().split("\n");
    assertTrue(lines[0].startsWith("curios: "), result.err());
    assertTrue(lines.length == 2 && lines[1].startsWith("Try: curios"), result.err());
  }

  @Test
  void missingImage() {
    Curios.run("run", "--no-jit", folder.resolve("missing.elf").toString())
        .complains("missing.elf", "no such file");
  }

  @Test
  void folderForAnImage() {
    Curios.run("run", "--no-jit", folder.toString()).complains(folder.toString(), "cannot be read");
  }

  @Test
  void emptyImage() throws IOException {
    runImage(new byte[0]).complains("bad.elf", "empty");
  }

  @Test
  void imageForAnotherMachine() throws IOException {
    runImage(new RawProgram().exit().elf(62)).complains("bad.elf", "machine number 62", "ARM");
  }

  @Test
  void imageOf64Bits() throws IOException {
    byte[] elf = new RawProgram().exit().elf(183);
    elf[4] = 2;
    runImage(elf).complains("bad.elf", "64-bit");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 60, 90})
  void truncatedImage(int length) throws IOException {
    runImage(Arrays.copyOf(new RawProgram().exit().elf(40), length))
        .complains("bad.elf", "truncated");
  }

  @Test
  void imageThatDoesNotFit() throws IOException {
    run("--ram", "64K").complains("guest.bin", "does not fit", "--ram");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1000", "lots", "M", ""})
  void sizeOfRam(String size) throws IOException {
    run("--ram=" + size).complains("--ram " + size);
  }

  /** What lies above would hide the devices. */
  @ParameterizedTest
  @ValueSource(strings = {"257M", "512M", "1G", "0x10000400", "9999999999999G"})
  void moreRamThanTheBoardHasRoomFor(String size) throws IOException {
    run("--ram=" + size).complains("--ram " + size, "room for 256M", "devices begin at 0x10000000");
  }

  @Test
  void allRamThatTheBoardHasRoomFor() throws IOException {
    String image = new RawProgram().print("256M\n").exit().in(folder);
    assertEquals("256M\n", Curios.run("run", "--no-jit", "--ram", "256M", image).expect(0).out());
  }

  @Test
  void missingHostFolder() throws IOException {
    run("--host-dir", folder.resolve("missing").toString())
        .complains("missing", "no such folder", "--host-dir");
  }

  @Test
  void argumentThatCannotBeWritten() throws IOException {
    String image = new RawProgram().exit().in(folder);
    Curios.run("run", "--no-jit", image, "--", "\"'").complains("\"'", "both kinds of quotes");
  }

  @Test
  void missingSdImage() throws IOException {
    run("--sd", folder.resolve("missing.img").toString())
        .complains("missing.img", "no such SD image", "truncate");
  }

  @Test
  void sdImageOfOddSize() throws IOException {
    run("--sd", RawProgram.write(folder.resolve("odd.img"), new byte[513]))
        .complains("odd.img", "multiple of 512");
  }

  @Test
  void folderForAnSdImage() throws IOException {
    run("--sd", folder.toString()).complains(folder.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "--max-ticks, many",
    "--max-ticks, -5",
    "--entry, start",
    "--entry, 0x100000000",
    "--load, nowhere",
    "--load, x:/dev/null",
    "--load, 0x100000000:/dev/null",
    "--stats, =xml"
  })
  void badValues(String option, String value) throws IOException {
    if (value.startsWith("=")) {
      run(option + value).complains(option + value);
    } else {
      run(option + "=" + value).complains(option + " " + value.split(":")[0]);
    }
  }

  @Test
  void missingFileToLoad() throws IOException {
    run("--load", "0x100000:" + folder.resolve("missing.bin"))
        .complains("missing.bin", "no such file");
  }

  @Test
  void fileToLoadBehindRam() throws IOException {
    String data = RawProgram.write(folder.resolve("data.bin"), new byte[16]);
    run("--load", "0x07fffff8:" + data).complains("data.bin", "does not fit");
  }

  @Test
  void traceIntoNowhere() throws IOException {
    run("--trace", folder.resolve("no/such/folder/trace").toString())
        .complains("trace", "cannot be written");
  }

  @Test
  void traceIntoAFolder() throws IOException {
    run("--trace", folder.toString()).complains(folder.toString(), "cannot be written");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--initrd", "--dtb", "--flash", "--symbols"})
  void missingBootFile(String option) throws IOException {
    run(option, folder.resolve("missing.bin").toString()).complains("missing.bin", "no such");
  }

  @Test
  void damagedDeviceTree() throws IOException {
    run("--dtb", RawProgram.write(folder.resolve("bad.dtb"), new byte[64]))
        .complains("bad.dtb", "not a device tree", "dtc");
  }

  @Test
  void initialRamDiskThatDoesNotFit() throws IOException {
    run("--ram", "1M", "--initrd", RawProgram.write(folder.resolve("initrd"), new byte[600 << 10]))
        .complains("initrd", "does not fit", "--ram");
  }

  @Test
  void commandLineForAnElfExecutable() throws IOException {
    String image = RawProgram.write(folder.resolve("guest.elf"), new RawProgram().exit().elf(40));
    Curios.run("run", "--no-jit", "--append", "quiet", image)
        .complains("guest.elf", "--append", "no effect");
  }

  @Test
  void symbolsWithoutSymbols() throws IOException {
    run(
            "--symbols",
            RawProgram.write(folder.resolve("stripped.elf"), new RawProgram().exit().elf(40)))
        .complains("stripped.elf", "symbols");
  }

  @Test
  void pictureIntoNowhere() throws IOException {
    run("--screen", folder.resolve("no/such/picture.png").toString())
        .complains("picture.png", "cannot be written");
  }
}
