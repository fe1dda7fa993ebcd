package org.curios.lab.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.curios.arm.bus.VirtualClock;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.machine.Machine;

/** Protected calls, found by running the past again. */
public final class CallTrace {
  /** Ticks that are run again at first, and the maximum. */
  private static final long SHORTEST = 1_000_000;

  private static final long LONGEST = 64_000_000;

  /** A protected call. */
  public static final class Call {
    private final long tick;
    private final String client;
    private final String caller;
    private final String callee;
    private final String method;
    private final int[] arguments;
    private long end = -1;
    private boolean returned;
    private int result;

    private Call(
        long tick, String client, String caller, String callee, String method, int[] arguments) {
      this.tick = tick;
      this.client = client;
      this.caller = caller;
      this.callee = callee;
      this.method = method;
      this.arguments = arguments;
    }

    /** Returns the tick at which the kernel took it. */
    public long tick() {
      return tick;
    }

    /** Returns the client on whose behalf it was made: the object whose thread it is. */
    public String client() {
      return client;
    }

    /** Returns the object that has called. */
    public String caller() {
      return caller;
    }

    /** Returns the service that was called. */
    public String callee() {
      return callee;
    }

    /** Returns the name of the method. */
    public String method() {
      return method;
    }

    /** Returns R1 to R3. */
    public int[] arguments() {
      return arguments.clone();
    }

    /** Returns whether the method has returned. */
    public boolean hasReturned() {
      return returned;
    }

    /**
     * Returns the tick at which it ended: it returned, or the kernel ended it and its thread made
     * another call; -1 if it has not ended.
     */
    public long end() {
      return end;
    }

    /** Returns the ticks from the call to the return, those of other threads included. */
    public long ticks() {
      return end - tick;
    }

    /** Returns the method's result in R0. */
    public int result() {
      return result;
    }
  }

  private final Guest guest;
  private final Deque<Call> calls = new ArrayDeque<>();
  private final Map<Integer, Call> open = new HashMap<>();
  private final int most;

  private CallTrace(Guest guest, int most) {
    this.guest = guest;
    this.most = most;
  }

  /**
   * Returns the last calls before the present, the latest last; on the machine's thread. The
   * machine returns to where it was.
   *
   * @param most maximum number
   */
  public static List<Call> last(History history, Machine m, Guest guest, int most) {
    for (long ticks = SHORTEST; ; ticks *= 4) {
      CallTrace[] trace = new CallTrace[1];
      long from = m.cpu().now() - ticks;
      history.review(
          from, points -> trace[0] = on(points, guest, most), VirtualClock.NEVER, x -> {});
      if (trace[0].calls.size() >= most || ticks >= LONGEST || from <= history.first()) {
        return trace[0].calls();
      }
    }
  }

  /**
   * Records the calls of a run.
   *
   * @param points those of the run
   * @param most the number of calls to keep, the latest ones
   */
  public static CallTrace on(Points points, Guest guest, int most) {
    CallTrace trace = new CallTrace(guest, most);
    points.observe(guest.symbols().require("call_begin").address(), trace::called);
    points.observe(guest.symbols().require("return_begin").address(), trace::returned);
    return trace;
  }

  /** Returns the calls so far, the latest last. */
  public List<Call> calls() {
    return new ArrayList<>(calls);
  }

  /** The kernel has just noted the caller's registers in its activation, which SP points at. */
  private void called(Machine m) {
    View v = guest.at(m);
    int frame = m.cpu().register(13);
    Struct caller = v.structure("Frame", frame);
    int word = m.cpu().register(12);
    Obj from = v.objectAt(caller.get("object"));
    Obj to = v.target(from, word);
    Call call =
        new Call(
            m.cpu().now(),
            client(v),
            from.name(),
            to == null ? "?" : to.name(),
            to == null ? "method" + (word >>> 24) : v.methodName(to, word >>> 24),
            new int[] {m.cpu().register(1), m.cpu().register(2), m.cpu().register(3)});
    calls.addLast(call);
    if (calls.size() > most) {
      calls.removeFirst();
    }
    Call before = open.put(frame + v.size("Frame"), call);
    if (before != null) {
      before.end = call.tick;
    }
  }

  private static String client(View v) {
    Struct thread = v.currentThread();
    return thread == null
        ? "kernel"
        : v.objectAt(v.structure("Frame", thread.addressOf("frames")).get("object")).name();
  }

  private void returned(Machine m) {
    Call call = open.remove(m.cpu().register(13));
    if (call != null) {
      call.end = m.cpu().now();
      call.returned = true;
      call.result = m.cpu().register(0);
    }
  }
}
