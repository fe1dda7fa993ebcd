package org.curios.arm.language.instrument;

import com.oracle.truffle.api.source.SourceSection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.language.GuestCode;
import org.curios.arm.language.GuestCode.Function;
import org.curios.arm.language.GuestCode.Line;
import org.curios.arm.language.interop.GuestSources;

/**
 * The functions of an image as root nodes. Those of an image of usual size are created at once, so
 * that debuggers know all sources and set breakpoints ahead of time; those of a large one with the
 * first function of their file that runs.
 */
final class Functions {
  private static final int MAX_AT_ONCE = 20_000;

  private final GuestRunner runner;
  private final GuestSources sources;
  private final Map<Integer, FunctionRoot> roots = new HashMap<>();
  private final Map<String, List<Function>> later = new HashMap<>();

  Functions(GuestRunner runner, GuestSources sources) {
    this.runner = runner;
    this.sources = sources;
    List<Function> all = runner.code.functions();
    if (all.size() <= MAX_AT_ONCE) {
      all.forEach(this::root);
      return;
    }
    for (Function f : all) {
      Line line = runner.code.lineAt(f.address());
      if (line != null) {
        later.computeIfAbsent(line.file(), n -> new java.util.ArrayList<>()).add(f);
      }
    }
  }

  /** Returns the function that an address lies in. */
  FunctionRoot at(int pc) {
    Function function = runner.code.functionAt(pc);
    FunctionRoot known = roots.get(function.address());
    if (known != null) {
      return known;
    }
    Line line = runner.code.lineAt(function.address());
    List<Function> same = line == null ? null : later.remove(line.file());
    if (same != null) {
      same.forEach(this::root);
    }
    return root(function);
  }

  private FunctionRoot root(Function function) {
    return roots.computeIfAbsent(
        function.address(),
        a -> {
          FunctionRoot root =
              new FunctionRoot(runner.language, runner, function, section(function));
          root.getCallTarget(); // from now on tools know it
          return root;
        });
  }

  /** The lines of the function's own file from the first to the last one with code in it. */
  private SourceSection section(Function function) {
    GuestCode code = runner.code;
    Line first = code.lineAt(function.address());
    if (first == null) {
      return sources.unknown();
    }
    int low = first.line();
    int high = first.line();
    for (int address : code.lineStarts(function)) {
      Line line = code.lineAt(address);
      if (line.file().equals(first.file())) {
        low = Math.min(low, line.line());
        high = Math.max(high, line.line());
      }
    }
    return sources.lines(first.file(), low, high);
  }
}
