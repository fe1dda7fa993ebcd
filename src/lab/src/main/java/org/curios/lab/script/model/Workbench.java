package org.curios.lab.script.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.curios.kernel.Images;
import org.curios.lab.LabException;
import org.curios.lab.guest.Boot;
import org.curios.lab.guest.EmbeddedCard;
import org.curios.lab.program.Symbols;
import org.curios.machine.card.DiskBase;
import org.curios.machine.image.Image;
import org.curios.machine.image.ImageException;

/**
 * The machines of a script: boots them, reuses released ones for the next fork, and stops all of
 * them from another thread.
 */
public final class Workbench implements AutoCloseable {
  /** The default policy of a machine. */
  public static final String POLICY = "ssr-packed";

  /** The default clients. */
  public static final String RUN = "shell,steady0,steady1,steady2";

  /** Ticks by which the clients have connected to their services: 10 virtual milliseconds. */
  static final long BOOTED = 2_000_000;

  private static final int MOST_MACHINES = 32;
  private static final int MOST_SPARE = 2;

  private final Image given;
  private final boolean jit;
  private final DiskBase card;
  private final List<Port> ports = new CopyOnWriteArrayList<>();
  private final Deque<OwnPort> spare = new ArrayDeque<>();

  /** Null until {@link #cancel}. */
  private volatile Runnable safepoint;

  /** Milliseconds between the end of a run and that of its script's context, at most. */
  private static final int PATIENCE_MS = 5000;

  /**
   * Makes an empty one.
   *
   * @param given the image to boot; null for the embedded one
   * @param jit whether hot code is compiled
   * @param card content of every machine's card, which none changes; null for no card
   */
  public Workbench(Image given, boolean jit, DiskBase card) {
    this.given = given;
    this.jit = jit;
    this.card = card;
  }

  /**
   * Makes an empty one, whose machines have the embedded card if they boot CuriOS, otherwise none.
   */
  public Workbench(Image given, boolean jit) {
    this(given, jit, given == null ? EmbeddedCard.base() : null);
  }

  /**
   * Boots a machine; it is stopped at its first instruction.
   *
   * @param policy recovery policy, null for the usual one
   * @param run clients separated by commas, null for the usual ones
   * @throws ScriptException when the arguments are wrong
   */
  public ScriptMachine boot(String policy, String run) {
    Image image = image(policy, run);
    OwnPort port = take();
    try {
      port.load(image);
    } catch (ImageException e) {
      throw ScriptException.usage(e.getMessage());
    }
    return new ScriptMachine(this, port, image, new Symbols(image));
  }

  private Image image(String policy, String run) {
    if (given != null) {
      if (policy != null || run != null) {
        throw ScriptException.usage(
            "policy and run are arguments of the embedded image; this one is " + given.name());
      }
      return given;
    }
    try {
      Boot boot = Boot.checked(policy == null ? POLICY : policy, run == null ? RUN : run);
      return Image.parse("curios", Images.curios(boot.arguments()));
    } catch (LabException e) {
      throw ScriptException.usage(e.getMessage());
    } catch (ImageException | IllegalArgumentException e) {
      throw ScriptException.usage("" + e.getMessage());
    }
  }

  /** Returns a script's view of a machine that was made elsewhere. */
  public ScriptMachine adopt(Port port, Image image) {
    ports.add(port);
    return new ScriptMachine(this, port, image, new Symbols(image));
  }

  /** Returns a machine in the state of another one. */
  ScriptMachine fork(ScriptMachine of, Port.Saved saved) {
    OwnPort port = take();
    port.restore(saved);
    return new ScriptMachine(this, port, of.image(), of.symbolTable());
  }

  private OwnPort take() {
    check();
    OwnPort port = spare.poll();
    if (port == null) {
      if (ports.size() >= MOST_MACHINES) {
        throw ScriptException.usage(
            "there are "
                + MOST_MACHINES
                + " machines already; close those that you are done with, or use them in a with block");
      }
      try {
        port = new OwnPort(this, jit, card);
      } catch (ImageException e) {
        throw new LabException(e.getMessage());
      }
    }
    ports.add(port);
    return port;
  }

  void putBack(OwnPort port) {
    ports.remove(port);
    if (spare.size() < MOST_SPARE) {
      spare.push(port);
    } else {
      port.machine().close();
    }
  }

  /**
   * Stops every run, and prevents others; from any thread.
   *
   * @param end ends the script's thread, which calls it, once its context is being closed
   */
  public void cancel(Runnable end) {
    safepoint = end;
    ports.forEach(p -> p.machine().executor().interrupt());
  }

  /**
   * Checks whether {@link #cancel} was called.
   *
   * @throws ScriptException if so
   */
  public void check() {
    Runnable end = safepoint;
    if (end != null) {
      awaitEnd(end);
      throw new ScriptException(ScriptException.Kind.CANCELLED, "the script was stopped");
    }
  }

  /**
   * Waits until the context of the script is being closed too, which ends this call: else the
   * script would see an exception, and could continue for a moment.
   */
  private static void awaitEnd(Runnable end) {
    try {
      for (int i = 0; i < PATIENCE_MS; i++) {
        end.run();
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end.run();
    }
  }

  @Override
  public void close() {
    for (Port port : ports) {
      port.release();
    }
    for (OwnPort port : spare) {
      port.machine().close();
    }
    spare.clear();
  }
}
