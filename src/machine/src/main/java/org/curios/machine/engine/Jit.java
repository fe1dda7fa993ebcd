package org.curios.machine.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.io.IOAccess;

/** The polyglot context with the compiler set up for regions: one tier, no profiles to wait for. */
public final class Jit {
  /** Maximum number of threads of the compiler. */
  private static final int MOST_THREADS = 8;

  /** Threads of the compiler: the guest needs one, and the host's own compilers need some, too. */
  public static final int THREADS =
      Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS);

  /** Upper bound for the bytes of the host's code cache per instruction in a region. */
  private static final int BYTES = 400;

  private Jit() {}

  /** Returns whether this process was started so that it can compile the guest. */
  public static boolean isThere() {
    return ModuleLayer.boot().findModule("jdk.graal.compiler").isPresent() && hasInterface();
  }

  private static boolean hasInterface() {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption("EnableJVMCI")
          .getValue()
          .equals("true");
    } catch (IllegalArgumentException e) { // the JVM does not report locked options
      return false;
    }
  }

  /** Returns how many instructions in regions the host's code cache has room for. */
  public static int mostInstructions() {
    long bytes =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(p -> p.getName().contains("'non-profiled") || p.getName().equals("CodeCache"))
            .mapToLong(p -> p.getUsage().getMax())
            .sum();
    return Math.toIntExact(bytes / BYTES);
  }

  /**
   * Returns a context for tools: with the engine's own thresholds, since guest functions are like
   * those of other languages there.
   */
  public static Context toolContext(
      Map<String, String> options, OutputStream messages, boolean jit) {
    Context.Builder builder =
        Context.newBuilder("arm")
            .allowExperimentalOptions(true)
            .allowIO(IOAccess.ALL)
            .out(messages)
            .err(messages)
            .logHandler(new ToolLog(messages))
            .option("engine.WarnInterpreterOnly", "false");
    options.forEach(builder::option);
    return started(builder, jit);
  }

  private static Context started(Context.Builder builder, boolean jit) {
    Context context = builder.build();
    Engine engine = context.getEngine();
    if (jit && !engine.getImplementationName().contains("Graal")) {
      context.close();
      throw new IllegalStateException(
          "the compiler is missing (runtime: "
              + engine.getImplementationName()
              + "); start with ./curios, or give --no-jit to interpret");
    }
    context.initialize("arm");
    return context;
  }

  /**
   * Returns a context that compiles regions.
   *
   * @param options options of the engine
   * @param foreground whether each compilation is waited for
   * @param log counts the compilations
   */
  public static Context context(
      Map<String, String> options, boolean foreground, CompilationLog log) {
    CompilerThreads.lower();
    // An engine of its own that nobody closes: a compilation may go on after the context has ended,
    // and would find its log closed. Without contexts and compilations it is garbage.
    Engine.Builder engine =
        Engine.newBuilder("arm")
            .allowExperimentalOptions(true)
            .logHandler(log)
            .option("engine.TraceCompilation", "true")
            .option("engine.MultiTier", "false")
            .option("engine.SingleTierCompilationThreshold", "2")
            .option("engine.OSR", "false")
            .option("engine.Splitting", "false")
            .option("engine.CompilerThreads", Integer.toString(THREADS))
            .option("engine.BackgroundCompilation", Boolean.toString(!foreground));
    options.forEach(engine::option);
    return started(Context.newBuilder("arm").engine(engine.build()), true);
  }
}
