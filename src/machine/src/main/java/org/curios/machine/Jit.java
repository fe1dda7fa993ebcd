package org.curios.machine;

import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.io.IOAccess;

/** The polyglot context with the compiler set up for regions: one tier, no profiles to wait for. */
final class Jit {
  private Jit() {}

  /**
   * Returns a context for tools: with the engine's own thresholds, since guest functions are like
   * those of other languages there. Tools say where they listen on standard error; standard output
   * belongs to the guest.
   */
  static Context toolContext(Map<String, String> options) {
    Context.Builder builder =
        Context.newBuilder("arm")
            .allowExperimentalOptions(true)
            .allowIO(IOAccess.ALL)
            .out(System.err)
            .option("engine.WarnInterpreterOnly", "false");
    options.forEach(builder::option);
    Context context = builder.build();
    context.initialize("arm");
    return context;
  }

  static Context context(Map<String, String> options, boolean foreground, CompilationLog log) {
    Context.Builder builder =
        Context.newBuilder("arm")
            .allowExperimentalOptions(true)
            .logHandler(log)
            .option("engine.TraceCompilation", "true")
            .option("engine.MultiTier", "false")
            .option("engine.SingleTierCompilationThreshold", "2")
            .option("engine.OSR", "false")
            .option("engine.Splitting", "false")
            .option("engine.BackgroundCompilation", Boolean.toString(!foreground));
    options.forEach(builder::option);
    Context context = builder.build();
    Engine engine = context.getEngine();
    if (!engine.getImplementationName().contains("Graal")) {
      context.close();
      throw new IllegalStateException(
          "the compiler is not there (runtime: "
              + engine.getImplementationName()
              + "); start with ./curios, or say --no-jit to interpret");
    }
    context.initialize("arm");
    return context;
  }
}
