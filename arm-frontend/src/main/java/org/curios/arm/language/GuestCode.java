package org.curios.arm.language;

import java.nio.file.Path;
import java.util.List;
import org.curios.arm.core.Cpu;

/**
 * Debug information of the program in guest memory: functions, source lines, and nesting of calls.
 */
public interface GuestCode {
  /**
   * A function.
   *
   * @param address virtual address of its first instruction, without the T bit
   * @param size bytes
   * @param name as a person would write it
   */
  record Function(int address, int size, String name) {
    /** Returns whether an address lies in it. */
    public boolean contains(int pc) {
      return Integer.compareUnsigned((pc & ~1) - address, size) < 0;
    }
  }

  /**
   * A source line.
   *
   * @param file path as the compiler was given it
   * @param line from 1
   */
  record Line(String file, int line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /**
   * An activation of a function.
   *
   * @param registers its R0 to R15; R15 is the address of the next instruction
   * @param innermost whether it is the one that runs; the others wait for a call
   */
  record Frame(int[] registers, boolean innermost) {
    /** Returns the address of the next instruction, without the T bit. */
    public int pc() {
      return registers[15] & ~1;
    }

    /** Returns an address within the instruction that runs, or within the call. */
    public int place() {
      return innermost ? pc() : pc() - 1;
    }
  }

  /** Returns the name of the image. */
  String name();

  /** Returns the functions by rising address. */
  List<Function> functions();

  /** Returns the function at an address; a synthetic one if the image names none. */
  Function functionAt(int address);

  /** Returns the address of a symbol, or null. */
  Integer address(String symbol);

  /** Returns the source line of the code at an address, or null. */
  Line lineAt(int address);

  /** Returns whether the code of another line starts at an address. */
  boolean lineStartsAt(int address);

  /** Returns the addresses within a function at which the code of a line begins, rising. */
  List<Integer> lineStarts(Function function);

  /** Returns the addresses at which a line begins, or the next line of the file that has code. */
  List<Integer> addresses(String file, int line);

  /** Returns the path of a source file if it is on disk, otherwise null. */
  Path path(String file);

  /** Returns the text of a source file, or null if it is unavailable. */
  String text(String file);

  /**
   * Returns the activations of the stopped processor, the innermost first, as far as the image
   * describes them; at least one.
   */
  List<Frame> stack(Cpu cpu);

  /** The same for saved registers R0 to R15. */
  List<Frame> stack(Cpu cpu, int[] registers);
}
