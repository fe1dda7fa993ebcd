package org.curios.lab.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.curios.lab.results.ResultFolder;
import org.curios.lab.script.model.ScriptMachine;
import org.curios.lab.script.model.Workbench;
import org.curios.lab.script.results.Chart;
import org.curios.lab.script.results.Results;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/**
 * Runs a script in JavaScript or Python on the thread that requests it, in its own polyglot context
 * that can reach the experiment's objects and nothing else. Its machines run on the same thread,
 * each in its own context that is entered for the run.
 */
public final class ScriptRunner {
  private static final Map<String, String> LANGUAGES =
      Map.of(".js", "js", ".mjs", "js", ".py", "python");

  private final ScriptOptions options;
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private Consumer<ScriptEnd> stuck = end -> {};
  private ScriptStop stop;
  private boolean interrupted;

  /**
   * Makes a runner of one script.
   *
   * @param in what the script reads from
   * @param out what it prints to
   */
  public ScriptRunner(ScriptOptions options, InputStream in, OutputStream out, OutputStream err) {
    this.options = options;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Returns the language of a script: js or python; null if its name does not determine it. */
  public static String language(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? null : LANGUAGES.get(name.substring(dot).toLowerCase(Locale.ROOT));
  }

  /** Returns whether a language can be run here. */
  public static boolean isThere(String language) {
    try (Engine engine =
        Engine.newBuilder().option("engine.WarnInterpreterOnly", "false").build()) {
      return engine.getLanguages().containsKey(language);
    }
  }

  /**
   * Sets an action, run on its own thread, for a stopped script that does not end: a single
   * operation of its language, such as a huge power, cannot be interrupted.
   */
  public void whenStuck(Consumer<ScriptEnd> handler) {
    stuck = handler;
  }

  /** Ends the script from another thread, as Ctrl-C does. */
  public synchronized void interrupt() {
    interrupted = true;
    if (stop != null) {
      stop.stop(ScriptStop.Reason.INTERRUPTED);
    }
  }

  /**
   * Runs a script to its end.
   *
   * @param machine the machine that it finds as {@code machine}
   */
  public ScriptEnd run(
      Path file, List<String> arguments, Workbench workbench, ScriptMachine machine) {
    String language = language(file);
    if (language == null) {
      return new ScriptEnd(
          ScriptEnd.USAGE, file + ": give a script in JavaScript (.js) or Python (.py)");
    }
    Source source;
    try {
      source =
          Source.newBuilder(language, Files.readString(file), file.toString())
              .mimeType(file.toString().endsWith(".mjs") ? "application/javascript+module" : null)
              .build();
    } catch (NoSuchFileException e) {
      return new ScriptEnd(ScriptEnd.USAGE, file + ": no such file; check the path");
    } catch (CharacterCodingException e) {
      return new ScriptEnd(ScriptEnd.USAGE, file + ": is not UTF-8 text");
    } catch (IOException e) {
      return new ScriptEnd(ScriptEnd.USAGE, file + ": cannot be read (" + e.getMessage() + ")");
    }
    if (!isThere(language)) {
      return new ScriptEnd(
          ScriptEnd.USAGE,
          file
              + ": "
              + (language.equals("python") ? "Python" : "JavaScript")
              + " is not there; "
              + (language.equals("python")
                  ? "./curios script FILE.py downloads it on first use; then start this again"
                  : "start with ./curios"));
    }
    return run(source, language, arguments, workbench, machine);
  }

  private ScriptEnd run(
      Source source,
      String language,
      List<String> arguments,
      Workbench workbench,
      ScriptMachine machine) {
    Context context = context(language);
    ScriptStop stopper = new ScriptStop(context, workbench, options, stuck);
    synchronized (this) {
      stop = stopper;
      if (interrupted) {
        stopper.stop(ScriptStop.Reason.INTERRUPTED);
      }
    }
    Value frames = null;
    try {
      frames = install(context, language, globals(arguments, workbench, machine));
      stopper.begin();
      context.eval(source);
      return stopper.ended(0);
    } catch (PolyglotException e) {
      return stopper.reason() != null ? stopper.ended(0) : Complaint.of(e, source, frames);
    } catch (IllegalStateException e) {
      if (stopper.reason() != null) {
        return stopper.ended(0);
      }
      throw e;
    } finally {
      stopper.close();
      try {
        context.close(true);
      } finally {
        flush();
      }
    }
  }

  private void flush() {
    try {
      out.flush();
      err.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Context context(String language) {
    HostAccess access =
        options.allowHost()
            ? HostAccess.newBuilder(HostAccess.ALL).build()
            : HostAccess.newBuilder(HostAccess.EXPLICIT).build();
    return Context.newBuilder(language)
        .in(in)
        .out(out)
        .err(err)
        .allowHostAccess(access)
        .allowIO(options.allowIo() ? IOAccess.ALL : IOAccess.NONE)
        .allowHostClassLookup(options.allowHost() ? name -> true : name -> false)
        .allowCreateThread(options.allowHost())
        .allowCreateProcess(false)
        .allowNativeAccess(false)
        .allowPolyglotAccess(PolyglotAccess.NONE)
        .allowEnvironmentAccess(EnvironmentAccess.NONE)
        .option("engine.WarnInterpreterOnly", "false")
        .build();
  }

  private Map<String, Object> globals(
      List<String> arguments, Workbench workbench, ScriptMachine machine) {
    ResultFolder folder = new ResultFolder(options.folder());
    Results results = new Results(folder);
    Map<String, Object> globals = new LinkedHashMap<>();
    globals.put("machine", machine);
    globals.put("services", machine.services());
    globals.put("clients", machine.clients());
    globals.put("ssrs", machine.ssrs());
    globals.put("faults", machine.faults());
    globals.put("results", results);
    globals.put("chart", new Chart(results));
    globals.put("curios", new Starter(workbench));
    Extension.all().forEach(e -> globals.putAll(e.globals(workbench, folder)));
    globals.put("args", List.copyOf(arguments));
    return globals;
  }

  /**
   * Makes the classes of the script's language; returns what tells where an exception came from.
   */
  private Value install(Context context, String language, Map<String, Object> globals) {
    String name = language.equals("js") ? "prelude.js" : "prelude.py";
    try (InputStream stream = ScriptRunner.class.getResourceAsStream(name)) {
      Value prelude =
          context.eval(
              Source.newBuilder(
                      language,
                      new String(stream.readAllBytes(), StandardCharsets.UTF_8),
                      Complaint.PRELUDE + name)
                  .internal(true)
                  .build());
      Value frames = prelude.execute(new Bridge(globals, options));
      return frames.canExecute() ? frames : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
