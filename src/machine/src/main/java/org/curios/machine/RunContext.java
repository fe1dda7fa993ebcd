package org.curios.machine;

import org.curios.arm.bus.GuestExit;
import org.curios.arm.core.Cpu;
import org.curios.arm.language.ArmLanguage;
import org.curios.arm.run.Executor;
import org.curios.machine.engine.CompilationLog;
import org.curios.machine.engine.Jit;
import org.graalvm.polyglot.Context;

/**
 * Runs the processor of a machine: the executor, in a polyglot context that is entered only for
 * each run, so that a host function called by a script in another context can request a run.
 */
final class RunContext implements AutoCloseable {
  private final Context context;
  private final ArmLanguage language;
  private final Executor executor;
  private final boolean instrumented;
  private final CompilationLog compilations = new CompilationLog();

  /** Creates the context that the options of a machine request. */
  RunContext(MachineBuilder builder, Cpu cpu) {
    instrumented = builder.instrumented;
    if (builder.embeddedIn != null) {
      context = null;
      language = builder.embeddedIn;
      executor = new Executor(cpu, language);
    } else if (instrumented) {
      context = Jit.toolContext(builder.options, builder.toolMessages, builder.jit);
      context.enter();
      language = ArmLanguage.get();
      executor = new Executor(cpu, language);
    } else if (builder.jit) {
      context = Jit.context(builder.options, builder.compileImmediately, compilations);
      context.enter();
      try {
        language = ArmLanguage.get();
        executor = new Executor(cpu, language);
        executor.compileWith(Jit.THREADS);
        executor.keepCompiled(Jit.mostInstructions());
      } finally {
        context.leave();
      }
      if (builder.compileImmediately) {
        executor.compileImmediately();
      }
    } else {
      context = null;
      language = null;
      executor = new Executor(cpu, null);
    }
    if (builder.translates) {
      executor.translateInBackground();
    }
    if (!builder.warms) {
      executor.withoutWarmCode();
    }
    if (builder.translateImmediately) {
      executor.translateImmediately(builder.byteCode);
    }
  }

  /** Returns the language that code is translated for; null without a compiler. */
  ArmLanguage language() {
    return language;
  }

  /** Returns what runs the processor. */
  Executor executor() {
    return executor;
  }

  /** Returns what the compiler has done so far. */
  CompilationLog compilations() {
    return compilations;
  }

  /** Returns whether hot code is compiled. */
  boolean compiles() {
    return context != null;
  }

  /**
   * Runs until a tick or the end of the guest.
   *
   * @throws GuestExit when the guest ends the run
   */
  Executor.Stop run(long untilTick) {
    if (context == null) {
      return executor.run(untilTick);
    }
    context.enter();
    try {
      return executor.run(untilTick);
    } finally {
      context.leave();
    }
  }

  /** Ends the context; the executor ends before everything else that the machine has. */
  @Override
  public void close() {
    if (context != null) {
      if (instrumented) {
        context.leave();
      }
      context.close(!instrumented); // tools write their results at a normal close
    }
  }
}
