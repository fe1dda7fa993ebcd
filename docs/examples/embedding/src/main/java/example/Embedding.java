package example;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.ByteSequence;

/** Runs a guest program in this process: looks at it, changes it, goes back in time. */
public final class Embedding {
  private Embedding() {}

  /** Takes the path of an ARM executable. */
  public static void main(String[] arguments) throws IOException {
    Path image = Path.of(arguments[0]);
    Source source =
        Source.newBuilder("arm", ByteSequence.create(Files.readAllBytes(image)), image.toString())
            .build();
    try (Context context = Context.create("arm")) {
      Value machine = context.eval(source);

      machine.invokeMember("until", "main");
      System.out.println("in main after " + machine.getMember("ticks") + " instructions");
      for (int i = 0; i < machine.getMember("stack").getArraySize(); i++) {
        System.out.println("  " + machine.getMember("stack").getArrayElement(i));
      }

      Value registers = machine.getMember("registers");
      System.out.println("sp = " + registers.getMember("sp") + ", r0 = " + registers.getMember("r0"));
      long sp = registers.getMember("sp").asLong();
      Value memory = machine.getMember("memory");
      memory.writeBufferInt(ByteOrder.LITTLE_ENDIAN, sp - 4, 0xcafe);
      System.out.println("below sp: " + memory.readBufferInt(ByteOrder.LITTLE_ENDIAN, sp - 4));

      Value before = machine.invokeMember("snapshot");
      System.out.println("stopped by " + machine.invokeMember("run", 1_000_000));
      machine.invokeMember("restore", before);
      System.out.println("back at " + machine.getMember("ticks"));

      try {
        machine.invokeMember("run");
      } catch (PolyglotException e) {
        if (!e.isExit()) {
          throw e;
        }
        System.out.println(
            "ended with status " + e.getExitStatus() + " after " + machine.getMember("ticks"));
      }
    }
  }
}
