package org.curios.arm.warm;

import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.BlockCounts;
import org.curios.arm.code.CodeCache;
import org.curios.arm.code.WarmCode;
import org.curios.arm.code.WarmListener;
import org.curios.arm.core.Cpu;

/**
 * Has warm code translated in a thread of its own. The processor's thread asks for granules and
 * installs what is there; what was made of bytes that have changed since is made again.
 */
public final class WarmTier implements WarmListener {
  /** Classes that the host's compiler is asked for at a time. */
  private static final int AHEAD = 4;

  private static final int MOST_DROPS = 16;

  /** Nanoseconds between two looks whether the host's compiler is done. */
  private static final long PAUSE = 200_000;

  /** Nanoseconds without a translation after which the tier has settled. */
  private static final long REST = 100_000_000;

  /** Seconds after which an idle thread ends. */
  private static final int IDLE = 5;

  /** A granule with warm code: which of its blocks are warm, and whether it is being translated. */
  private static final class Granule {
    final BitSet warm = new BitSet(Bus.GRANULE);
    boolean waits;
    boolean again;

    /** Requests since it was translated: the hottest granule is translated first. */
    volatile int heat;

    /** How often what was made of it was dropped, up to {@link #MOST_DROPS}. */
    int drops;

    /** Requests to ignore: what changes often is not worth while. */
    int ignored;
  }

  /** A granule that waits for the translator, with what is known of it. */
  private record Job(
      int number, Granule granule, byte[] bytes, byte[] counts, BitSet warm, long bias) {}

  /**
   * Translated code that is to be installed; without code, where there was nothing to translate.
   */
  private record Result(
      int number, byte[] bytes, WarmCode code, BitSet halfwords, Rehearsal rehearsal) {}

  private final Cpu cpu;
  private final CodeCache code;
  private final WarmCode.Slow slow;
  private final boolean foreground;
  private final Map<Integer, Granule> granules = new HashMap<>();

  /** The last translation of each granule: when its bytes come back, so does that. */
  private final Map<Integer, Result> last = new HashMap<>();

  private final Set<Job> wanted = ConcurrentHashMap.newKeySet();
  private final Queue<Result> results = new ConcurrentLinkedQueue<>();
  private final Queue<Result> rehearsed = new ArrayDeque<>();
  private final ThreadPoolExecutor translator =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> Thread.ofPlatform().daemon().name("curios-translator").unstarted(task));
  private final List<WarmCode> installed = new ArrayList<>();
  private int waiting;
  private long translations;
  private long lastWork = System.nanoTime();

  /**
   * Begins without warm code.
   *
   * @param slow carries out what has no fast path
   * @param foreground whether granules are translated and installed as soon as they are asked for
   */
  public WarmTier(Cpu cpu, CodeCache code, WarmCode.Slow slow, boolean foreground) {
    this.cpu = cpu;
    this.code = code;
    this.slow = slow;
    this.foreground = foreground;
    translator.allowCoreThreadTimeOut(true);
    code.warm(this);
  }

  /** Returns whether the host lets warm code reach its memory: an option of the JVM says so. */
  public static boolean isPossible() {
    return Object.class.getModule().isExported("jdk.internal.misc", WarmTier.class.getModule());
  }

  /** Has a block translated that has become warm. */
  public void request(int pc, int physical) {
    int number = physical >>> Bus.GRANULE_SHIFT;
    Granule granule = granules.computeIfAbsent(number, n -> new Granule());
    int place = physical & Bus.GRANULE - 1 | pc & 1;
    granule.heat = granule.heat + 1;
    if (granule.ignored > 0) {
      granule.ignored--;
    } else if (!granule.warm.get(place)) {
      granule.warm.set(place);
      translate(number);
    } else if (!granule.waits && !code.markWarm(pc, physical)) {
      translate(number); // it had compiled code when the granule was translated
    }
  }

  /** Ends the translator. */
  public void close() {
    translator.shutdownNow();
  }

  @Override
  public void forgotten() {
    granules.clear();
    last.clear();
    wanted.clear();
    waiting = 0;
  }

  @Override
  public void replaced(int number) {
    Result result = last.get(number);
    Granule granule = granules.get(number);
    if (result == null
        || granule == null
        || granule.waits
        || !Arrays.equals(result.bytes, cpu.bus.granule(number))) {
      return;
    }
    granule.ignored = 0;
    granule.drops = 0;
    take(result, granule);
  }

  @Override
  public void relinked(WarmCode old) {
    translate(old.granule());
  }

  @Override
  public void dropped(WarmCode old) {
    forget(granules.get(old.granule()));
  }

  private void forget(Granule granule) {
    granule.warm.clear();
    if (foreground) {
      return;
    }
    granule.ignored = (1 << granule.drops) - 1;
    granule.drops = Math.min(granule.drops + 1, MOST_DROPS);
  }

  private void translate(int number) {
    Granule granule = granules.get(number);
    if (granule == null) {
      return;
    }
    if (granule.waits) {
      granule.again = true;
      return;
    }
    granule.waits = true;
    granule.again = false;
    waiting++;
    byte[] bytes = cpu.bus.granule(number);
    byte[] counts = code.counts.ofGranule(number);
    BitSet warm = (BitSet) granule.warm.clone();
    long bias = cpu.memory.bias();
    if (foreground) {
      results.add(make(number, bytes, counts, warm, bias));
      install();
      return;
    }
    if (translator.isShutdown()) {
      return;
    }
    wanted.add(new Job(number, granule, bytes, counts, warm, bias));
    translator.execute(this::translateHottest);
  }

  // ---- in the translator's thread

  private void translateHottest() {
    Job hottest = null;
    for (Job job : wanted) {
      if (hottest == null || job.granule.heat > hottest.granule.heat) {
        hottest = job;
      }
    }
    if (hottest == null) {
      return; // all was forgotten
    }
    wanted.remove(hottest);
    rehearsed.add(make(hottest.number, hottest.bytes, hottest.counts, hottest.warm, hottest.bias));
    while (!rehearsed.isEmpty() && (rehearsed.size() > AHEAD || translator.getQueue().isEmpty())) {
      Result first = rehearsed.peek();
      if (first.code == null || first.rehearsal.isOver()) {
        results.add(rehearsed.remove());
      } else if (translator.isShutdown()) {
        return;
      } else {
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private Result make(int number, byte[] bytes, byte[] counts, BitSet warm, long bias) {
    Blocks blocks =
        new Blocks(
            bytes,
            () -> warm.stream().iterator(),
            place -> counts == null || counts[BlockCounts.place(place)] != BlockCounts.COMPILED);
    if (blocks.all().isEmpty()) {
      return new Result(number, bytes, null, null, null);
    }
    GranuleWriter writer = new GranuleWriter(blocks, bias);
    try {
      WarmCode made =
          (WarmCode)
              MethodHandles.lookup()
                  .defineHiddenClass(writer.write(), true)
                  .lookupClass()
                  .getConstructor()
                  .newInstance();
      made.place(slow, number, writer.places());
      return new Result(
          number, bytes, made, blocks.halfwords(), foreground ? null : new Rehearsal(made));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Installs what has been translated. */
  public void install() {
    for (Result result = results.poll(); result != null; result = results.poll()) {
      lastWork = System.nanoTime();
      Granule granule = granules.get(result.number);
      if (granule == null || !granule.waits) {
        continue; // all was forgotten in between
      }
      waiting--;
      granule.waits = false;
      granule.heat = 0;
      boolean isSame = Arrays.equals(result.bytes, cpu.bus.granule(result.number));
      if (isSame && result.code != null) {
        translations++;
        last.put(result.number, result);
        take(result, granule);
      }
      if (!isSame) {
        forget(granule);
      } else if (granule.again) {
        translate(result.number);
      }
    }
  }

  private void take(Result result, Granule granule) {
    code.install(result.code, result.halfwords);
    if (!installed.contains(result.code)) {
      installed.add(result.code);
    }
    for (int place : result.code.entrances()) {
      granule.warm.set(place);
    }
  }

  /** Returns whether nothing has been waiting to be translated for some time. */
  public boolean isSettled() {
    return waiting == 0 && System.nanoTime() - lastWork > REST;
  }

  /** Returns how often a granule was translated so far. */
  public long translations() {
    return translations;
  }

  /** Returns the warm code that there is. */
  public List<WarmCode> all() {
    installed.removeIf(one -> !one.isValid());
    return installed;
  }
}
