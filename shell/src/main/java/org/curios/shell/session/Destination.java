package org.curios.shell.session;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.curios.lab.session.SessionException;

/**
 * Where the output of a command goes instead of to the screen: {@code > FILE}, {@code >> FILE}, or
 * a program of the host after {@code | !}.
 */
final class Destination {
  private static final Set<String> SIGNS = Set.of(">", ">>");

  /** What follows {@code >}, or the program. */
  private final String target;

  private final boolean program;
  private final boolean appends;

  /** The stages before it. */
  private final List<Words.Stage> stages;

  private Destination(String target, boolean program, boolean appends, List<Words.Stage> stages) {
    this.target = target;
    this.program = program;
    this.appends = appends;
    this.stages = stages;
  }

  /**
   * Finds the destination of a command.
   *
   * @param compares whether {@code >} is a comparison in the last stage
   * @return null if there is none
   * @throws SessionException when it is not complete
   */
  static Destination of(List<Words.Stage> stages, boolean compares) {
    Words.Stage last = stages.getLast();
    List<String> texts = last.texts();
    if (last.piped() && !texts.isEmpty() && isProgram(last.words().getFirst())) {
      String line = texts.getFirst().substring(1).strip();
      if (line.isEmpty()) {
        throw new SessionException("the program is missing after | !, as in services | !sort");
      }
      return new Destination(line, true, false, stages.subList(0, stages.size() - 1));
    }
    if (compares) {
      return null;
    }
    for (int i = 0; i < texts.size(); i++) {
      if (!last.words().get(i).quoted() && SIGNS.contains(texts.get(i))) {
        if (i + 2 != texts.size()) {
          throw new SessionException(
              texts.get(i) + ": give one file after it, as in services --json > services.json");
        }
        Words.Stage rest =
            new Words.Stage(last.words().subList(0, i), last.start(), last.end(), last.piped());
        List<Words.Stage> ahead = new ArrayList<>(stages.subList(0, stages.size() - 1));
        ahead.add(rest);
        return new Destination(texts.get(i + 1), false, texts.get(i).length() > 1, ahead);
      }
    }
    return null;
  }

  private static boolean isProgram(Words.Word word) {
    return !word.quoted() && word.text().charAt(0) == Words.PROGRAM;
  }

  /** Returns the command and its filters. */
  List<Words.Stage> stages() {
    return stages;
  }

  /**
   * Sends lines there.
   *
   * @param screen where the output of a program goes
   * @return whether a program has ended with status 0
   * @throws SessionException when it cannot be done
   */
  boolean send(List<String> lines, Screen screen) {
    try {
      if (program) {
        return run(lines, screen);
      }
      Files.write(
          Path.of(target),
          lines,
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          appends ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
      return true;
    } catch (NoSuchFileException e) {
      throw new SessionException(target + ": cannot be written; make its folder first", e);
    } catch (IOException e) {
      throw new SessionException(target + ": cannot be written (" + reason(e) + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : e.getMessage();
  }

  private boolean run(List<String> lines, Screen screen) throws IOException, InterruptedException {
    boolean captured = screen.isCapturing();
    Process process =
        new ProcessBuilder("sh", "-c", target)
            .redirectOutput(captured ? Redirect.PIPE : Redirect.INHERIT)
            .redirectError(Redirect.INHERIT)
            .start();
    Thread feeder = new Thread(() -> feed(process.getOutputStream(), lines), "to a program");
    feeder.setDaemon(true);
    feeder.start();
    if (captured) {
      try (var out = process.inputReader(StandardCharsets.UTF_8)) {
        out.lines().forEach(screen::say);
      }
    }
    return process.waitFor() == 0;
  }

  private static void feed(OutputStream to, List<String> lines) {
    try (BufferedWriter in =
        new BufferedWriter(new java.io.OutputStreamWriter(to, StandardCharsets.UTF_8))) {
      for (String line : lines) {
        in.write(line);
        in.write('\n');
      }
    } catch (IOException e) {
      return; // it has ended without reading all
    }
  }
}
