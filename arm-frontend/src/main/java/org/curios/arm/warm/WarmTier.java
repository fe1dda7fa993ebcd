package org.curios.arm.warm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.curios.arm.bus.Bus;
import org.curios.arm.code.CodeCache;
import org.curios.arm.code.WarmCode;
import org.curios.arm.code.WarmListener;
import org.curios.arm.core.Cpu;
import org.curios.arm.core.Memory;

/**
 * Translates warm code on its own thread. The processor's thread requests granules and installs
 * finished ones; code made from bytes that have changed since is translated again.
 */
public final class WarmTier implements WarmListener {
  /**
   * Number of granules that are translated at a time; the others wait, while more becomes known
   * about them.
   */
  private static final int AT_ONCE = 8;

  /** Threads: while one waits for the host's compiler, another translates. */
  private static final int THREADS = 2;

  private static final int MOST_DROPS = 16;

  /** Nanoseconds between two checks whether the host's compiler has finished. */
  private static final long PAUSE = 200_000;

  /**
   * Requests for a granule, each for as many executions as make a block warm, from which on it is
   * urgent: by then the interpreter has spent some tenths of a millisecond on it. The others wait
   * for the compiler of regions, which has more to gain.
   */
  private static final int URGENT = 64;

  /** Seconds after which an idle thread ends. */
  private static final int IDLE = 5;

  /** A granule for the translator, with its counts. */
  record Job(
      Granule granule,
      byte[] bytes,
      byte[] counts,
      BitSet warm,
      BitSet entrances,
      BitSet ran,
      boolean isUrgent,
      int limit,
      IntPredicate isConstant,
      long bias,
      boolean isUsual) {}

  /** Translated code to install; without code if there was nothing to translate. */
  record Result(Job job, int limit, WarmCode code, BitSet halfwords, Rehearsal rehearsal) {}

  private final Cpu cpu;
  private final CodeCache code;
  private final boolean foreground;
  private final GranuleTranslator making;
  private final Map<Integer, Granule> granules = new HashMap<>();
  private final List<Granule> wanted = new ArrayList<>();

  private final Versions<Result> versions = new Versions<>();

  private final Queue<Result> results = new ConcurrentLinkedQueue<>();
  private final Queue<Result> rehearsed = new ArrayDeque<>();
  private final ThreadPoolExecutor translator =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> Thread.ofPlatform().daemon().name("curios-translator").unstarted(task));
  private final List<WarmCode> installed = new ArrayList<>();

  /** Whether some of these may no longer be valid. */
  private boolean isStale;

  private int working;

  /** Urgent granules that are worked on. */
  private int urgent;

  /** Urgent granules that wait for that. */
  private int urgentWanted;

  private long translations;

  private volatile Throwable failure;

  /**
   * Starts without warm code.
   *
   * @param slow executes what has no fast path
   * @param foreground whether granules are translated and installed as soon as they are requested
   * @param byteCode whether to byte code, even if the host runs machine code
   */
  public WarmTier(
      Cpu cpu, CodeCache code, WarmCode.Slow slow, boolean foreground, boolean byteCode) {
    this.cpu = cpu;
    this.code = code;
    this.foreground = foreground;
    HostArea area = byteCode ? null : HostArea.make(cpu.memory.bias());
    this.making = new GranuleTranslator(area, slow, foreground);
    translator.allowCoreThreadTimeOut(true);
    code.warm(this);
  }

  /** Returns whether the host lets warm code access its memory: an option of the JVM decides. */
  public static boolean isPossible() {
    return Object.class.getModule().isExported("jdk.internal.misc", WarmTier.class.getModule());
  }

  /** Returns whether blocks are translated to machine code of the host, not to byte code. */
  public boolean isHostCode() {
    return making.isForHost();
  }

  /** Requests the translation of a block that has become warm. */
  public void request(int pc, int physical) {
    Granule granule = granules.computeIfAbsent(physical >>> Bus.GRANULE_SHIFT, Granule::new);
    int place = physical & Bus.GRANULE - 1 | pc & 1;
    granule.heat++;
    granule.isUsual = isMappedLikeStack(pc & ~1, physical);
    if (granule.heat == URGENT && granule.waits && !granule.isWorkedOn) {
      urgentWanted++;
    }
    if (granule.drops > 0 && !granule.isTranslated && !granule.waits && useAgain(granule)) {
      return;
    }
    if (granule.ignored > 0) {
      granule.ignored--;
    } else if (place >= granule.limit) {
      return;
    } else if (!granule.warm.get(place)) {
      granule.warm.set(place);
      translate(granule);
    } else if (!granule.waits && !code.markWarm(pc, physical)) {
      translate(granule); // it had compiled code when the granule was translated
    }
  }

  /**
   * Returns whether the entry of the stack's granule is that of a granule of code: so kernels, and
   * programs without an MMU, reach most of their data.
   */
  private boolean isMappedLikeStack(int virtual, int physical) {
    int entry = Memory.entry(cpu.entries, cpu.r13);
    boolean isKnown = (entry & 1) != 0;
    return isKnown ? entry == physical - virtual + 1 : cpu.isPrivileged();
  }

  /** Ends the translator. */
  public void close() {
    translator.shutdownNow();
  }

  @Override
  public void forgotten() {
    granules.clear();
    versions.clear();
    wanted.clear();
    urgentWanted = 0;
    isStale = true;
  }

  @Override
  public void replaced(int number) {
    Granule granule = granules.get(number);
    if (granule != null && !granule.waits) {
      useAgain(granule);
    }
  }

  /** Installs an earlier translation of what the granule contains; returns whether there is one. */
  private boolean useAgain(Granule granule) {
    Result result = versions.find(granule.number, cpu.bus.granule(granule.number));
    if (result != null) {
      granule.ignored = 0;
      granule.limit = result.limit;
      take(result, granule);
    }
    return result != null;
  }

  @Override
  public void relinked(WarmCode old) {
    Granule granule = granules.get(old.granule());
    if (granule != null) {
      granule.isRelinked = granule.isWorkedOn;
      hasten(granule);
      translate(granule);
    }
  }

  /**
   * Makes a granule urgent: until it is translated without the blocks of a new region, it runs them
   * itself.
   */
  private void hasten(Granule granule) {
    if (granule.waits && !granule.isWorkedOn && granule.heat < URGENT) {
      urgentWanted++;
    }
    granule.heat = Math.max(granule.heat, URGENT);
  }

  @Override
  public void dropped(WarmCode old) {
    isStale = true;
    Granule granule = granules.get(old.granule());
    if (granule != null) {
      forget(granule);
    }
  }

  private void forget(Granule granule) {
    granule.warm.clear();
    granule.isTranslated = false;
    granule.limit = Bus.GRANULE;
    if (foreground) {
      return;
    }
    granule.ignored = (1 << granule.drops) - 1;
    granule.drops = Math.min(granule.drops + 1, MOST_DROPS);
  }

  private void translate(Granule granule) {
    if (granule.waits) {
      granule.again = granule.isWorkedOn;
      return;
    }
    granule.waits = true;
    if (foreground) {
      working++;
      results.add(making.translate(job(granule)));
      install(false);
    } else {
      wanted.add(granule);
      urgentWanted += granule.heat >= URGENT ? 1 : 0;
    }
  }

  /** Hands the hottest granules to the translator, as far as it can soon take them. */
  private void handOver(boolean onlyUrgent) {
    while (working < AT_ONCE
        && (onlyUrgent ? urgentWanted > 0 : !wanted.isEmpty())
        && !translator.isShutdown()) {
      int hottest = hottest();
      Granule granule = wanted.get(hottest);
      urgentWanted -= granule.heat >= URGENT ? 1 : 0;
      wanted.set(hottest, wanted.getLast());
      wanted.removeLast();
      working++;
      Job job = job(granule);
      translator.execute(() -> translate(job));
    }
  }

  private int hottest() {
    int hottest = 0;
    for (int i = 1; i < wanted.size(); i++) {
      hottest = wanted.get(i).heat > wanted.get(hottest).heat ? i : hottest;
    }
    return hottest;
  }

  private Job job(Granule granule) {
    granule.isWorkedOn = true;
    granule.again = false;
    granule.isRelinked = false;
    boolean isUrgent = granule.heat >= URGENT;
    urgent += isUrgent ? 1 : 0;
    return new Job(
        granule,
        cpu.bus.granule(granule.number),
        code.counts.ofGranule(granule.number),
        (BitSet) granule.warm.clone(),
        granule.isTranslated ? (BitSet) granule.warm.clone() : new BitSet(),
        ranIn(code.warmAt(granule.number * Bus.GRANULE)),
        isUrgent,
        granule.limit,
        code.constants(granule.number),
        cpu.memory.bias(),
        granule.isUsual);
  }

  /** Returns the blocks that have run in translated code, which may be null. */
  private static BitSet ranIn(WarmCode code) {
    BitSet ran = new BitSet(Bus.GRANULE);
    int[] counts = code == null ? new int[0] : code.counts();
    for (int i = 0; i < counts.length; i++) {
      ran.set(code.places()[i], code.hasRun(i));
    }
    return ran;
  }

  // ---- in the translator's threads

  private void translate(Job job) {
    try {
      Result result = making.translate(job);
      if (result.rehearsal == null) {
        results.add(result);
      } else {
        rehearse(result);
      }
    } catch (RuntimeException | Error e) {
      failure = e; // the processor's thread throws it
    }
  }

  private synchronized void rehearse(Result result) {
    rehearsed.add(result);
    while (!rehearsed.isEmpty()
        && (rehearsed.size() >= AT_ONCE / 2 || translator.getQueue().isEmpty())) {
      if (rehearsed.peek().rehearsal.isOver()) {
        results.add(rehearsed.remove());
      } else if (translator.isShutdown()) {
        return;
      } else {
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  // ---- in the processor's thread

  /**
   * Installs finished translations, and requests more.
   *
   * @param onlyUrgent whether only granules are requested that have become hot while they waited
   */
  public void install(boolean onlyUrgent) {
    if (failure != null) {
      throw new IllegalStateException("the translator of warm code has failed", failure);
    }
    for (Result result = results.poll(); result != null; result = results.poll()) {
      install(result);
    }
    handOver(onlyUrgent);
  }

  private void install(Result result) {
    working--;
    if (result.job.isUrgent) {
      urgent--;
    }
    Granule granule = result.job.granule;
    if (granules.get(granule.number) != granule) {
      return; // all was dropped in between
    }
    granule.waits = false;
    granule.isWorkedOn = false;
    granule.heat = 0;
    boolean isSame = Arrays.equals(result.job.bytes, cpu.bus.granule(granule.number));
    if (!isSame) {
      forget(granule);
      return;
    }
    granule.limit = result.limit;
    boolean again = granule.again;
    if (result.code != null) {
      versions.put(granule.number, result.job.bytes, result);
      translations++;
      BitSet since = (BitSet) granule.warm.clone(); // blocks that were requested meanwhile
      Arrays.stream(result.code.places()).forEach(since::clear);
      take(result, granule);
      granule.warm.or(since);
      again &= !since.isEmpty();
    }
    if (granule.isRelinked) {
      hasten(granule);
    }
    if (again || granule.isRelinked) {
      translate(granule);
    }
  }

  private void take(Result result, Granule granule) {
    code.install(result.code, result.halfwords);
    isStale = true;
    if (!installed.contains(result.code)) {
      installed.add(result.code);
    }
    granule.warm.clear();
    granule.isTranslated = true;
    for (int place : result.code.entrances()) {
      granule.warm.set(place);
    }
  }

  /** Returns whether nothing urgent waits to be translated. */
  public boolean isSettled() {
    return urgent == 0 && urgentWanted == 0;
  }

  /** Returns how often machine code was left so far for an instruction without a fast path. */
  public long exits() {
    return making.exits();
  }

  /** Returns how often a granule was translated so far. */
  public long translations() {
    return translations;
  }

  /** Returns all warm code. */
  public List<WarmCode> all() {
    if (isStale) {
      installed.removeIf(one -> !one.isValid());
      isStale = false;
    }
    return installed;
  }
}
