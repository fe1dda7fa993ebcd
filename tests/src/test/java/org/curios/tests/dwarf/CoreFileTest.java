package org.curios.tests.dwarf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.curios.kernel.Images;
import org.curios.lab.debug.CoreFile;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.image.Image;
import org.curios.tests.Peers;
import org.curios.tests.gdb.Gdb;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gdb takes core files of machines without a warning. */
class CoreFileTest {
  @TempDir Path folder;

  @BeforeEach
  void gdb() {
    Peers.needGdb();
  }

  @Test
  void gdbSeesRegistersMemoryAndVariables() throws Exception {
    byte[] elf = Images.elf("bench/compiler");
    Image image = Image.parse("image.elf", elf);
    Path core = folder.resolve("machine.core");
    int[] registers = new int[2];
    try (Machine machine = new MachineBuilder().jit(false).build()) {
      machine.load(image);
      machine.run(1_000_000);
      registers[0] = machine.cpu().register(13);
      registers[1] = machine.cpu().register(15);
      CoreFile.write(machine, image.name(), core);
    }
    List<String> output =
        Gdb.ask(
            folder,
            elf,
            List.of("core-file " + core, "print/x $sp", "print/x $pc", "bt", "x/s compiler::text"));
    String all = String.join("\n", output);
    assertFalse(all.toLowerCase(java.util.Locale.ROOT).contains("warning"), all);
    assertTrue(all.contains("$1 = 0x%x".formatted(registers[0])), all);
    assertTrue(all.contains("$2 = 0x%x".formatted(registers[1])), all);
    assertTrue(all.contains(" unit "), all);
    assertTrue(all.contains("<compiler::text>:") || all.contains("text"), all);
  }
}
