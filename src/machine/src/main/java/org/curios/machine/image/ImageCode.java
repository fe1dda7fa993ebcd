package org.curios.machine.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.curios.arm.bus.Bus;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.GuestCode;
import org.curios.machine.image.dwarf.FrameTable;
import org.curios.machine.image.dwarf.LineTable;

/** The functions, lines and call frames of an image. */
public final class ImageCode implements GuestCode {
  private static final int VECTORS_SIZE = 0x40;
  private static final int HIGH_VECTORS = 0xffff0000;
  private static final int MAX_FRAMES = 256;

  private final Image image;
  private final SourceLookup sources;
  private final LineTable lines;
  private final FrameTable frames;
  private final NavigableMap<Long, Function> functions = new TreeMap<>();
  private final Map<String, Integer> addresses = new HashMap<>();

  /** Takes an image. */
  public ImageCode(Image image, SourceLookup sources) {
    this.image = image;
    this.sources = sources;
    this.lines = image.debug().lines();
    this.frames = image.debug().frames();
    for (Image.Symbol s : image.symbols()) {
      addresses.putIfAbsent(s.name(), s.address());
      addresses.putIfAbsent(SymbolNames.readable(s.name()), s.address());
    }
    collect();
  }

  /** Labels of assembly have no size: such a function ends where the next one begins. */
  private void collect() {
    List<Image.Symbol> code =
        image.symbols().stream()
            .filter(s -> s.function() || s.size() == 0 && lines.at(s.address()) != null)
            .sorted(
                Comparator.comparingLong((Image.Symbol s) -> Integer.toUnsignedLong(s.address()))
                    .thenComparing(s -> !s.function())
                    .thenComparing(s -> s.name().startsWith("__"))) // a linker script's own
            .toList();
    for (int i = 0; i < code.size(); i++) {
      Image.Symbol s = code.get(i);
      long start = Integer.toUnsignedLong(s.address());
      if (functions.containsKey(start)) {
        continue; // another name of the same
      }
      int next = i + 1;
      while (next < code.size() && code.get(next).address() == s.address()) {
        next++;
      }
      int size = s.size();
      if (size == 0) {
        int limit = next < code.size() ? code.get(next).address() : s.address() + Bus.GRANULE;
        size = limit - s.address();
      }
      functions.put(start, new Function(s.address(), size, SymbolNames.readable(s.name())));
    }
  }

  @Override
  public String name() {
    return image.name();
  }

  @Override
  public List<Function> functions() {
    return new ArrayList<>(functions.values());
  }

  @Override
  public Function functionAt(int address) {
    Map.Entry<Long, Function> e = functions.floorEntry(Integer.toUnsignedLong(address));
    if (e != null && e.getValue().contains(address)) {
      return e.getValue();
    }
    if (Integer.compareUnsigned(address, VECTORS_SIZE) < 0) {
      return new Function(0, VECTORS_SIZE, "vectors");
    }
    if (Integer.compareUnsigned(address - HIGH_VECTORS, VECTORS_SIZE) < 0) {
      return new Function(HIGH_VECTORS, VECTORS_SIZE, "vectors");
    }
    int granule = address & -Bus.GRANULE;
    long start = Integer.toUnsignedLong(granule);
    if (e != null && e.getKey() + e.getValue().size() > start) {
      start = e.getKey() + e.getValue().size();
    }
    Map.Entry<Long, Function> after = functions.higherEntry(Integer.toUnsignedLong(address));
    long end = Integer.toUnsignedLong(granule) + Bus.GRANULE;
    if (after != null && after.getKey() < end) {
      end = after.getKey();
    }
    return new Function(
        (int) start, (int) (end - start), String.format(Locale.ROOT, "code@%08x", (int) start));
  }

  @Override
  public Integer address(String symbol) {
    return addresses.get(symbol);
  }

  @Override
  public Line lineAt(int address) {
    LineTable.Line line = lines.at(address & ~1);
    return line == null ? null : new Line(line.file(), line.line());
  }

  @Override
  public boolean lineStartsAt(int address) {
    return lines.startsAt(address);
  }

  @Override
  public List<Integer> lineStarts(Function function) {
    return lines.startsWithin(function.address(), function.size());
  }

  @Override
  public List<Integer> addresses(String file, int line) {
    return lines.filesNamed(file).stream().flatMap(f -> lines.addresses(f, line).stream()).toList();
  }

  @Override
  public Path path(String file) {
    return sources.path(file);
  }

  @Override
  public String text(String file) {
    return sources.text(file);
  }

  @Override
  public List<Frame> stack(Cpu cpu) {
    int[] registers = new int[16];
    for (int i = 0; i < 16; i++) {
      registers[i] = cpu.register(i);
    }
    return stack(cpu, registers);
  }

  @Override
  public List<Frame> stack(Cpu cpu, int[] registers) {
    List<Frame> stack = new ArrayList<>();
    stack.add(new Frame(registers.clone(), true));
    int[] inner = registers.clone();
    while (stack.size() < MAX_FRAMES) {
      int[] outer = frames.caller(inner, address -> word(cpu, address));
      if (outer == null || outer[15] == 0 || !isCaller(stack, inner[15], outer[15])) {
        break;
      }
      stack.add(new Frame(outer.clone(), false));
      inner = outer;
      inner[15] -= 1; // within the call
    }
    return stack;
  }

  /**
   * A function that never returns may keep no return address; R14 is then that of its last call,
   * and leads back into itself.
   */
  private boolean isCaller(List<Frame> stack, int pc, int returnAddress) {
    if (!isNamed(returnAddress - 1)) {
      return false; // the outermost function of a stack was not called: R14 was anything
    }
    if (frames.savesReturnAddress(pc)) {
      return true;
    }
    Function function = functionAt(pc);
    boolean innermost = stack.size() == 1;
    return innermost && (pc == function.address() || !function.contains(returnAddress - 1));
  }

  private boolean isNamed(int address) {
    Map.Entry<Long, Function> e = functions.floorEntry(Integer.toUnsignedLong(address));
    return e != null && e.getValue().contains(address);
  }

  private static int word(Cpu cpu, int address) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value |= (cpu.memory.inspect(address + i, true) & 0xff) << 8 * i;
    }
    return value;
  }
}
