package org.curios.lab.profile;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.VirtualClock;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/** Stacks of a run in the order of time, for a timeline. */
public final class StackSamples {
  private static final String SCHEMA = "https://www.speedscope.app/file-format-schema.json";
  private static final long NANOS_A_TICK = 1_000_000_000 / VirtualClock.HZ;

  private final GuestStacks stacks;
  private final Map<Call, Integer> frames = new LinkedHashMap<>();
  private final List<int[]> samples = new ArrayList<>();
  private final List<Long> ticks = new ArrayList<>();

  /** Starts without samples of a program. */
  public StackSamples(Image image) {
    stacks = new GuestStacks(image);
  }

  /** Takes a sample of a stopped machine. */
  public void take(Machine machine) {
    samples.add(
        stacks.at(machine).stream()
            .mapToInt(c -> frames.computeIfAbsent(c, x -> frames.size()))
            .toArray());
    ticks.add(machine.cpu().now());
  }

  /** Returns how many samples there are. */
  public int size() {
    return samples.size();
  }

  /**
   * Writes a profile in the file format of speedscope: each sample lasts since the previous one.
   *
   * @param name of the profile
   * @param from tick at which the first sample begins
   */
  public void writeSpeedscope(Writer to, String name, long from) throws IOException {
    JsonWriter out = new JsonWriter(to);
    out.beginObject().name("$schema").value(SCHEMA);
    out.name("exporter").value("CuriOS");
    out.name("shared").beginObject().name("frames").beginArray();
    for (Call c : frames.keySet()) {
      out.beginObject().name("name").value(title(c));
      if (!c.file().isEmpty()) {
        out.name("file").value(c.file());
      }
      out.endObject();
    }
    out.endArray().endObject();
    out.name("profiles").beginArray().beginObject();
    out.name("type").value("sampled").name("name").value(name);
    out.name("unit").value("nanoseconds");
    out.name("startValue").value(from * NANOS_A_TICK);
    out.name("endValue").value((ticks.isEmpty() ? from : ticks.getLast()) * NANOS_A_TICK);
    out.name("samples").beginArray();
    for (int[] stack : samples) {
      out.beginArray();
      for (int frame : stack) {
        out.value(frame);
      }
      out.endArray();
    }
    out.endArray().name("weights").beginArray();
    long before = from;
    for (long tick : ticks) {
      out.value((tick - before) * NANOS_A_TICK);
      before = tick;
    }
    out.endArray().endObject().endArray().endObject();
    out.flush();
  }

  private static String title(Call c) {
    return switch (c.kind()) {
      case OBJECT -> "[" + c.name() + "]";
      case KERNEL -> c.name() + " [kernel]";
      case CODE, IDLE -> c.name();
    };
  }
}
