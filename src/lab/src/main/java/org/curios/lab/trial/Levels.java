package org.curios.lab.trial;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.machine.image.Image;

/**
 * The use of everything that can leak, over several samples: the least and the most of each
 * resource. Running requests use some of it for a while, so leaks show in the least. The heaps of
 * clients are excluded: they are as large as their records.
 */
public final class Levels {
  private static final String KERNEL_FRAMES = "kernel.frames";

  /**
   * The use of one resource.
   *
   * @param least in any sample
   * @param most in any sample
   */
  public record Level(long least, long most) {
    private Level with(long value) {
      return new Level(Math.min(least, value), Math.max(most, value));
    }
  }

  private final Map<String, Level> all = new TreeMap<>();
  private int looks;

  /** Takes a sample. */
  void add(View v) {
    looks++;
    usage(v)
        .forEach((what, value) ->
            all.merge(what, new Level(value, value), (level, next) -> level.with(next.least)));
  }

  /** Returns the number of samples. */
  public int looks() {
    return looks;
  }

  /** Returns the levels: of {@code kernel.frames}, {@code kernel.threads}, {@code OBJECT.WHAT}. */
  public Map<String, Level> all() {
    return all;
  }

  /** Returns the sum of the least of all levels of a kind, such as {@code handles}. */
  public long sum(String kind) {
    return all.entrySet().stream()
        .filter(e -> e.getKey().endsWith("." + kind))
        .mapToLong(e -> e.getValue().least)
        .sum();
  }

  /** Returns the resources whose use has grown; both need samples. */
  public List<String> grownSince(Levels before) {
    return all.keySet().stream()
        .filter(k -> all.get(k).least > before.all.getOrDefault(k, new Level(0, 0)).least)
        .toList();
  }

  private static Map<String, Long> usage(View v) {
    Map<String, Long> now = new LinkedHashMap<>();
    long heaps = 0;
    int gone = v.words().number(Kind.OBJECT, "gone");
    int frame = v.words().constant("PAGE_BYTES");
    now.put("kernel.threads", (long) v.threads().size());
    for (Obj o : v.objects()) {
      Struct s = o.struct();
      if (s.get("state") == gone) {
        continue;
      }
      long heap = o.isService() ? 0 : s.get("heap_bytes") / frame;
      heaps += heap;
      now.put(o.name() + ".frames", s.get("frames") - heap);
      now.put(o.name() + ".stacks", s.get("stack_count"));
      now.put(o.name() + ".handles", (long) v.handles(o).size());
      now.put(o.name() + ".quota", s.get("quota_used"));
      if (o.isService()) {
        now.put(o.name() + ".sessions", (long) v.states().of(o).size());
      }
    }
    now.put(KERNEL_FRAMES, framesInUse(v) - heaps);
    return now;
  }

  /** Counts the frames that the kernel has allocated and not freed. */
  private static long framesInUse(View v) {
    int frame = v.words().constant("PAGE_BYTES");
    Image.Symbol used =
        v.symbols().require("frames_used"); // a bit for each frame, also the image's
    long all = 0;
    for (int at = 0; at < used.size(); at += Integer.BYTES) {
      all += Integer.bitCount(v.machine().bus().read(used.address() + at, Integer.BYTES));
    }
    return all - (v.symbol("__image_end") + frame - 1) / frame;
  }
}
