package org.curios.tests.card;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.curios.kernel.Images;
import org.curios.machine.card.Disk;
import org.curios.tests.Peers;
import org.curios.tests.command.Curios;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option {@code --sd} of the commands, with a guest that writes to its card. */
class CardCommandsTest {
  private static final byte[] EMPTY = new byte[2 << 20];

  @TempDir private Path folder;
  private Path image;
  private Path card;

  @BeforeEach
  void prepare() throws IOException {
    image = Files.write(folder.resolve("blocks.elf"), Images.elf("card/blocks"));
    card = Files.write(folder.resolve("card.img"), EMPTY);
  }

  @Test
  void runWritesToTheFileOnlyWhenToldTo() throws IOException {
    String out = run(",snapshot", 0);
    assertTrue(out.endsWith("0 words differ\n"), out);
    assertArrayEquals(EMPTY, Files.readAllBytes(card));
    assertTrue(run(",readonly", 1).contains("write: timeout"));
    assertArrayEquals(EMPTY, Files.readAllBytes(card));
    assertEquals(out, run("", 0));
    assertTrue(Files.mismatch(card, Files.write(folder.resolve("empty"), EMPTY)) >= 512_000);
  }

  private String run(String option, int status) {
    return Curios.run("run", "--no-jit", "--sd", card + option, image.toString())
        .expect(status)
        .out();
  }

  @Test
  void aFileHasOneWriter() throws IOException {
    try (Disk writer = Disk.writeThrough(card)) {
      assertEquals(0, writer.writes());
      Curios.run("run", "--no-jit", "--sd", card.toString(), image.toString())
          .complains("another machine uses it", card + ",snapshot");
      Curios.run("run", "--no-jit", "--sd", card + ",snapshot", image.toString())
          .complains("another machine writes to it");
    }
  }

  /** In a shell the file is restored with the machine; its forks have separate cards. */
  @Test
  void shellGoesBackAndForks() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("fork.js"),
            """
            const one = machine.snapshot();
            const fork = machine.fork();
            fork.run({ms: 100});
            print(fork.console.text.trim().split('\\n').pop());
            """);
    Curios.Result result =
        Curios.run(
            "shell",
            "-S",
            "--no-jit",
            "--image",
            image.toString(),
            "--sd",
            card.toString(),
            "-c",
            "until @500; snapshot early; script " + script + "; until @80000; restore early");
    result.expect(0);
    assertTrue(result.out().contains("0 words differ"), result.out());
    assertArrayEquals(EMPTY, Files.readAllBytes(card));
  }

  /** Without --sd, CuriOS has a card with a file system that e2fsck finds clean. */
  @Test
  void curiosHasAnEmbeddedCard() throws Exception {
    Path saved = folder.resolve("saved.img");
    String commands = "disk eject; disk; disk insert; disk; disk save " + saved;
    Curios.Result result = Curios.run("shell", "-S", "--no-jit", "-c", commands).expect(0);
    assertTrue(result.out().contains("no       no"), result.out());
    assertTrue(result.out().contains("yes      no"), result.out());
    Peers.needFileSystemTools();
    FileSystemTools.check(saved);
    assertTrue(
        new String(FileSystemTools.content(saved, "/index.html"), StandardCharsets.UTF_8)
            .contains("<h1>CuriOS</h1>"));
    Curios.run("shell", "--no-jit", "-S", "--image", image.toString(), "-c", "disk").expect(1);
  }
}
