package org.curios.lab.gdb;

import java.util.ArrayList;
import java.util.List;
import org.curios.arm.core.Psr;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.guest.Guest.Struct;
import org.curios.machine.Machine;

/**
 * The threads that gdb sees. Under CuriOS, each guest thread is one: its registers are the
 * processor's while it runs, otherwise those that the kernel has saved in its newest activation.
 * The kernel itself is the thread {@link #PROCESSOR}, which exists while the processor is in a
 * privileged mode. Of other images the processor is the only thread. To be used on the machine's
 * thread.
 */
final class GuestThreads {
  /** The kernel; and the whole machine while there are no guest threads. */
  static final int PROCESSOR = 1;

  /** Number of guest thread 0. */
  private static final int FIRST = 100;

  /** Added for each activation from which a thread has made a call, the outermost first. */
  private static final int CALLER = 1000;

  /**
   * A thread, described for the user.
   *
   * @param id its number
   * @param name the objects that it is in, the outermost first
   * @param state what it does
   */
  record Listed(int id, String name, String state) {}

  /** A thread of the guest, and its newest activation. */
  private record Running(Struct thread, int newest) {}

  private final Guest guest;
  private boolean showsCallers;

  GuestThreads(Guest guest) {
    this.guest = guest;
  }

  /** Chooses whether activations that wait for a call to return are shown as separate threads. */
  void showCallers(boolean show) {
    showsCallers = show;
  }

  boolean showsCallers() {
    return showsCallers;
  }

  /** Returns the thread whose registers the processor has. */
  int current(Machine m) {
    int frame = runningFrame(m);
    return frame == 0 ? PROCESSOR : id(threadOf(m, frame));
  }

  /** Returns the address of the activation that runs in user mode; 0 if there is none. */
  int runningFrame(Machine m) {
    if (!guest.isCurios() || m.cpu().mode() != Psr.USER) {
      return 0;
    }
    int frame = m.cpu().banked(Psr.SUPERVISOR, 13);
    return threadOf(m, frame) == null ? 0 : frame;
  }

  /** Returns the thread that an activation belongs to; null if there is none. */
  private Struct threadOf(Machine m, int frame) {
    Guest.View view = guest.at(m);
    int address = frame & -view.size("Thread");
    for (Struct t : threads(m)) {
      if (t.address() == address && frame >= t.addressOf("frames")) {
        return t;
      }
    }
    return null;
  }

  private List<Struct> threads(Machine m) {
    if (!guest.isCurios()) {
      return List.of();
    }
    Guest.View view = guest.at(m);
    int size = view.size("Thread");
    return view.threads().stream()
        .filter(t -> (t.address() & size - 1) == 0 && isRam(m, t.address(), size))
        .toList();
  }

  private static boolean isRam(Machine m, int address, int bytes) {
    return m.bus().isRam(address) && m.bus().isRam(address + bytes - 1);
  }

  private static int id(Struct thread) {
    return FIRST + (int) thread.get("id");
  }

  private static int depth(Guest.View view, Struct thread, int frame) {
    return (frame - thread.addressOf("frames")) / view.size("Frame");
  }

  /**
   * The newest activation of a thread: the supervisor's stack pointer has it from the moment that a
   * thread is entered, the thread's record from the moment that the kernel works on it.
   */
  private int newest(Machine m, Struct thread) {
    int pointer = m.cpu().banked(Psr.SUPERVISOR, 13);
    int first = thread.addressOf("frames");
    int end = thread.address() + guest.at(m).size("Thread");
    if (pointer >= first && pointer < end) {
      return pointer;
    }
    int frame = (int) thread.get("frame");
    return frame >= first && frame < end ? frame : first;
  }

  private Running find(Machine m, int id) {
    for (Struct t : threads(m)) {
      if (id(t) == id % CALLER) {
        return new Running(t, newest(m, t));
      }
    }
    return null;
  }

  /** Returns the address of the activation that a number represents; 0 if there is none. */
  int frame(Machine m, int id) {
    Running found = id == PROCESSOR ? null : find(m, id);
    if (found == null) {
      return 0;
    }
    return id < CALLER
        ? found.newest
        : found.thread.addressOf("frames") + (id / CALLER - 1) * guest.at(m).size("Frame");
  }

  /** Returns the address of the first activation of a thread that there is. */
  int firstFrame(Machine m, int id) {
    return find(m, id).thread.addressOf("frames");
  }

  /**
   * Returns where the registers of a thread are saved.
   *
   * @return the activation; null if they are the processor's
   */
  Struct saved(Machine m, int id) {
    int frame = frame(m, id);
    return frame == 0 || frame == runningFrame(m) ? null : guest.at(m).structure("Frame", frame);
  }

  /** Returns whether there is a thread with a number. */
  boolean exists(Machine m, int id) {
    return list(m).stream().anyMatch(l -> l.id == id);
  }

  /** Returns all threads. */
  List<Listed> list(Machine m) {
    List<Listed> all = new ArrayList<>();
    int current = current(m);
    if (current == PROCESSOR) {
      all.add(new Listed(PROCESSOR, threads(m).isEmpty() ? "processor" : "kernel", "running"));
    }
    for (Struct t : threads(m)) {
      Guest.View view = guest.at(m);
      int newest = newest(m, t);
      int depth = depth(view, t, newest);
      String path = "";
      for (int i = 0; i <= depth; i++) {
        int frame = t.addressOf("frames") + i * view.size("Frame");
        String name = objectName(m, view, (int) view.structure("Frame", frame).get("object"));
        path += (i == 0 ? "" : ">") + name;
        if (i < depth && showsCallers) {
          all.add(new Listed(id(t) + CALLER * (i + 1), path, "in a call"));
        }
      }
      all.add(new Listed(id(t), path, state(m, view, t, id(t) == current)));
    }
    return all;
  }

  private static String objectName(Machine m, Guest.View view, int address) {
    if (!isRam(m, address, view.size("Object"))) {
      return "?";
    }
    int descriptor = (int) view.structure("Object", address).get("descriptor");
    return isRam(m, descriptor, view.size("Descriptor")) ? view.objectAt(address).name() : "?";
  }

  private static String state(Machine m, Guest.View view, Struct thread, boolean running) {
    String state = running ? "running" : view.words().name(Kind.THREAD, thread.get("state"));
    int wanted = (int) thread.get("queued_for");
    if (state.equals("queued")) {
      state += " for " + objectName(m, view, wanted);
    }
    return state + ", priority " + thread.get("priority");
  }
}
