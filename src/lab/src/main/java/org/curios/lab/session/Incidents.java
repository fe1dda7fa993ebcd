package org.curios.lab.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.program.Program;
import org.curios.lab.session.EventLog.Event;
import org.curios.lab.session.Points.Point;

/**
 * Follows the kernel's events and reports the story of each fault of a service. All but the
 * constructor belongs to the machine's thread.
 */
public final class Incidents {
  private static final int SP = 13;

  /** A story that continues, and what waits for its end; nothing if it was not expected. */
  private record Open(Incident incident, CompletableFuture<Incident> end) {}

  private final Session session;
  private final Program program;
  private final Map<String, Open> open = new HashMap<>();
  private final List<Consumer<Incident>> listeners = new CopyOnWriteArrayList<>();
  private Point result;
  private View latest;

  /** Follows the events of a session's kernel. */
  public Incidents(Session session, Program program, EventLog log) {
    this.session = session;
    this.program = program;
    log.listen(this::note);
    session.post(m -> session.history().onForget(t -> open.values().removeIf(o -> o.end == null)));
  }

  /** Adds a listener for each unexpected incident, called when it is over. */
  public void listen(Consumer<Incident> listener) {
    listeners.add(listener);
  }

  /**
   * Reports that a service is about to be crashed.
   *
   * @return the story once it is complete; a run to a tick ends there
   */
  public CompletableFuture<Incident> expect(String service) {
    CompletableFuture<Incident> end = new CompletableFuture<>();
    open.put(service, new Open(new Incident(service), end));
    return end;
  }

  /** Returns the story of a service as far as it has come, or null. */
  public Incident of(String service) {
    Open o = open.get(service);
    return o == null ? null : o.incident;
  }

  /** Stops waiting for an incident: if it ends after all, the listeners are called. */
  public void leave(String service) {
    open.computeIfPresent(
        service, (s, o) -> o.incident.isOver() ? null : new Open(o.incident, null));
  }

  private void note(View v, Event e) {
    latest = v;
    String kind = v.words().name(Kind.EVENT, e.kind());
    if (kind.equals("boot")) {
      open.clear();
      return;
    }
    String service = v.nameOf(e.object());
    Open o = open.get(service);
    if (o == null && kind.equals("fault") && v.object(service).isService()) {
      o = new Open(new Incident(service), null);
      open.put(service, o);
    }
    if (o == null) {
      return;
    }
    Incident i = o.incident;
    switch (kind) {
      case "armed" -> i.armed(v, e);
      case "fault" -> i.fault(v, e, program);
      case "mended" -> i.mended(e);
      case "quarantine" -> i.quarantine(v, e);
      case "recovered" -> i.recovered(v, e);
      case "error" -> i.error(v, e);
      case "failed" -> {
        i.failed(v);
        closeSoon(o);
      }
      case "replay" -> {
        i.replay(v, e);
        if (o.end != null) {
          awaitResult(o);
        }
      }
      default -> {}
    }
    if (i.isComplete() || o.end == null && i.isOver() && !i.isFailed()) {
      close(o);
    }
  }

  /** The kernel immediately returns an error to callers in the queue of a given-up service. */
  private void closeSoon(Open o) {
    Points points = session.history().points();
    Point[] here = new Point[1];
    here[0] =
        points.observeSteps(m -> {
          if (m.cpu().mode() == Psr.USER || m.cpu().isWaiting()) {
            points.remove(here[0]);
            o.incident.close();
            close(o);
          }
        });
  }

  /** Watches for the return to the activation whose request is repeated. */
  private void awaitResult(Open o) {
    Points points = session.history().points();
    if (result != null) {
      points.remove(result);
    }
    result =
        points.observe(
            o.incident.resultAt(),
            m -> {
              if (m.cpu().mode() == Psr.USER
                  && m.cpu().banked(Psr.SUPERVISOR, SP) == o.incident.resultFrame()) {
                points.remove(result);
                o.incident.result(latest, m.cpu().register(0));
                close(o);
              }
            });
  }

  private void close(Open o) {
    if (!open.remove(o.incident.service(), o)) {
      return;
    }
    if (o.end != null) {
      o.end.complete(o.incident);
      session.endRun();
    } else {
      listeners.forEach(l -> l.accept(o.incident));
    }
  }
}
