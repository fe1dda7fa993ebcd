package org.curios.lab.export;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.session.CallTrace;

/**
 * Writes a recording in the Trace Event Format (JSON), which Perfetto and Chrome's tracing open: a
 * process for each object, a track in it for each client on whose behalf it works, protected calls
 * as slices, and each fault as a flow from the fault over its detection and the rebuilding of the
 * object to the request that continues.
 */
public final class PerfettoTrace {
  private static final double TICKS_A_MICROSECOND = VirtualClock.HZ / 1e6;
  private static final String EVENTS = "events and recovery";

  private final JsonWriter out;
  private final Map<String, Integer> objects = new LinkedHashMap<>();
  private final Map<String, Integer> tracks = new LinkedHashMap<>();

  private PerfettoTrace(Writer to) {
    out = new JsonWriter(to);
  }

  /**
   * Writes a file.
   *
   * @param name of the recording, for people
   * @param strikes faults from outside
   */
  public static void write(Writer to, String name, Recording recording, List<Story.Strike> strikes)
      throws IOException {
    new PerfettoTrace(to).write(name, recording, strikes);
  }

  private void write(String name, Recording recording, List<Story.Strike> strikes)
      throws IOException {
    out.beginObject().name("displayTimeUnit").value("ns");
    out.name("otherData").beginObject();
    out.name("recording").value(name);
    out.name("from_tick").value(recording.from()).name("to_tick").value(recording.to());
    out.endObject();
    out.name("traceEvents").beginArray();
    for (CallTrace.Call c : recording.calls()) {
      call(c, recording.to());
    }
    for (Recording.Event e : recording.events()) {
      begin("i", e.kind(), e.tick(), e.object(), EVENTS);
      out.name("s").value("t").name("args").beginObject();
      out.name("what").value(e.text()).name("tick").value(e.tick()).endObject().endObject();
    }
    for (Story.Strike s : strikes) {
      begin("i", "struck", s.tick(), s.object(), EVENTS);
      out.name("s").value("p").name("args").beginObject();
      out.name("what").value(s.text()).name("tick").value(s.tick()).endObject().endObject();
    }
    List<Story> stories = Story.of(recording, strikes);
    for (int i = 0; i < stories.size(); i++) {
      story(stories.get(i), i + 1, recording, end(stories, i, recording.to()));
    }
    out.endArray().endObject();
    out.flush();
  }

  private void call(CallTrace.Call c, long end) throws IOException {
    begin("X", c.method(), c.tick(), c.callee(), c.client());
    duration(c.tick(), c.end() < 0 ? end : c.end());
    out.name("cat").value("call").name("args").beginObject();
    out.name("caller").value(c.caller()).name("tick").value(c.tick());
    out.name("arguments").beginArray();
    for (int a : c.arguments()) {
      out.value(a);
    }
    out.endArray();
    if (c.hasReturned()) {
      out.name("result").value(c.result());
    }
    out.endObject().endObject();
  }

  /** The start of the next story of the same object. */
  private static long end(List<Story> stories, int at, long end) {
    return stories.subList(at + 1, stories.size()).stream()
        .filter(s -> s.object().equals(stories.get(at).object()))
        .mapToLong(s -> s.struck() >= 0 ? s.struck() : s.detected())
        .findFirst()
        .orElse(end);
  }

  /** Slices for the stations of a fault, and arrows from each to the next. */
  private void story(Story s, int flow, Recording recording, long limit) throws IOException {
    boolean isKnown = s.struck() >= 0;
    if (isKnown) {
      station("fault: " + s.what(), s.struck(), s.detected(), s.object(), EVENTS, flow, "s");
    }
    long begins = s.detected() + 1;
    station(
        "detect: " + s.by(), s.detected(), begins, s.object(), EVENTS, flow, isKnown ? "t" : "s");
    if (s.recovered() < 0) {
      station("never back", begins, Math.max(begins, limit), s.object(), EVENTS, flow, "f");
      return;
    }
    boolean goesOn = s.resumed() >= 0;
    station("rebuild", begins, s.recovered(), s.object(), EVENTS, flow, goesOn ? "t" : "f");
    if (goesOn) {
      long at = Math.max(s.resumed(), s.recovered());
      long end =
          recording.calls().stream()
              .filter(c ->
                  c.callee().equals(s.object())
                      && c.client().equals(s.client())
                      && c.tick() <= at
                      && (c.end() < 0 || c.end() > at))
              .mapToLong(c -> c.end() < 0 ? recording.to() : c.end())
              .max()
              .orElse(at + 1);
      long until = Math.max(at, Math.min(end, limit));
      station("resume: " + s.client(), at, until, s.object(), EVENTS, flow, "f");
    }
  }

  private void station(
      String title, long from, long to, String object, String track, int flow, String phase)
      throws IOException {
    begin("X", title, from, object, track);
    duration(from, to);
    out.name("cat").value("recovery").name("args").beginObject();
    out.name("tick").value(from).name("ticks").value(to - from).endObject().endObject();
    begin(phase, "recovery", from, object, track);
    out.name("cat").value("recovery").name("id").value(flow);
    out.name("bp").value("e").endObject();
  }

  /** Begins an event on the track of an object, which is named when it comes up first. */
  private void begin(String phase, String name, long tick, String object, String track)
      throws IOException {
    Integer process = objects.get(object);
    if (process == null) {
      process = objects.size() + 1;
      objects.put(object, process);
      names("process_name", process, 0, object);
    }
    String key = object + "/" + track;
    Integer thread = tracks.get(key);
    if (thread == null) {
      thread = tracks.size() + 1;
      tracks.put(key, thread);
      names("thread_name", process, thread, track);
    }
    out.beginObject().name("ph").value(phase).name("name").value(name);
    out.name("pid").value(process).name("tid").value(thread);
    out.name("ts").value(tick / TICKS_A_MICROSECOND);
  }

  private void names(String what, int process, int thread, String name) throws IOException {
    out.beginObject().name("ph").value("M").name("name").value(what);
    out.name("pid").value(process).name("tid").value(thread);
    out.name("args").beginObject().name("name").value(name).endObject().endObject();
  }

  private void duration(long from, long to) throws IOException {
    out.name("dur").value((to - from) / TICKS_A_MICROSECOND);
  }
}
