package org.curios.lab.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest;
import org.curios.lab.trial.Bench;

/**
 * What open files and sockets cost: how many instructions their service needs after a crash until
 * it answers again, and how much memory they take.
 */
public final class OpenCosts {
  private static final String CLIENT = "opener0";
  private static final String CRASH = "abort";
  private static final String CARD = "card";
  private static final String FILES = "files";
  private static final String NET = "net";

  /** Control blocks of a socket: in kept memory, and in the service's own. */
  private static final int CONTROLS = 2;

  /** Bytes of the owner of a handle (kernel/cuik/handle.cc). */
  private static final int HANDLE_OWNER = 4;

  /** Bytes of a place in the table of open inodes (kernel/services/files/port.cc). */
  private static final int OPEN_INODE = 8;

  /**
   * A crash of a service in a request of a client.
   *
   * @param service its name
   * @param open files or sockets of the client
   * @param instructions from the fault to the client's next instruction, without the other two
   * @param checks instructions that check code, private data and stacks
   * @param card instructions of the card driver, and of the kernel for it
   */
  public record Recovery(String service, int open, long instructions, long checks, long card) {}

  /**
   * Memory, in bytes.
   *
   * @param file of an open file: its state with the second copy, the client's handle, and its place
   *     in the table of open inodes
   * @param socket of a socket: its state with the second copy, the client's handle, its control
   *     block, and the copy of that on which the service works
   * @param buffers of a socket: its two rings
   * @param services of each service when the first client starts, by name: all its frames, but not
   *     kept memory (the cache, control blocks and buffers)
   */
  public record Memory(long file, long socket, long buffers, Map<String, Long> services) {}

  /**
   * What was measured.
   *
   * @param recoveries by service, with rising numbers of open files or sockets
   */
  public record Costs(List<Recovery> recoveries, Memory memory) {
    /** Returns the instructions of a recovery for each further open file or socket. */
    public long further(String service) {
      List<Recovery> of = recoveries.stream().filter(r -> r.service().equals(service)).toList();
      Recovery first = of.getFirst();
      Recovery last = of.getLast();
      return Math.round(
          (double) (last.instructions() - first.instructions()) / (last.open() - first.open()));
    }
  }

  /** Counts the instructions of one recovery. */
  private static final class Counter implements SteppedClient.Listener {
    private final SteppedClient client;
    private final int fault;
    private boolean hasFaulted;
    private boolean isInCard;
    private long instructions;
    private long checks;
    private long card;

    Counter(SteppedClient client, int fault) {
      this.client = client;
      this.fault = fault;
    }

    @Override
    public void executed(int pc, boolean isCheck, long n) {
      String owner = hasFaulted ? client.owner(pc) : "";
      if (!hasFaulted) {
        hasFaulted = pc == fault;
        return;
      }
      if (!owner.equals("kernel")) {
        isInCard = owner.equals(CARD);
      }
      if (isCheck) {
        checks += n;
      } else if (isInCard) {
        card += n;
      } else {
        instructions += n;
      }
    }
  }

  private OpenCosts() {}

  /**
   * Measures recoveries with 1 to 30 open files and with 2 to 20 sockets of established
   * connections, and memory.
   *
   * @param policy the recovery policy
   * @throws LabException if the client sees an error
   */
  public static Costs measure(String policy) {
    List<Recovery> found = new ArrayList<>();
    try (Bench bench = new Bench("curios", policy, CLIENT)) {
      SteppedClient client = new SteppedClient(bench, CLIENT);
      Map<String, Long> services = services(bench.view());
      Map<Integer, String> marked =
          Map.of(
              bench.view().words().constant("OPEN_FILES"),
              FILES,
              bench.view().words().constant("OPEN_SOCKETS"),
              NET);
      client.run(word -> {
        String service = marked.get(word & 0xff);
        if (service != null) {
          found.add(recovery(bench, client, service, word >>> 8));
        }
        return service != null;
      });
      Memory memory = memory(bench.view(), services);
      client.mustEnd();
      return new Costs(found, memory);
    }
  }

  /** Crashes a service in the client's next call. */
  private static Recovery recovery(Bench bench, SteppedClient client, String service, int open) {
    Guest.View view = bench.view();
    view.crashes().arm(view.object(service), view.words().number(Kind.CRASH, CRASH));
    Counter counter = new Counter(client, view.symbol("crash_" + CRASH));
    client.call(counter);
    if (!counter.hasFaulted) {
      throw new LabException(
          String.format(Locale.ROOT, "%s has not crashed with %d open", service, open));
    }
    return new Recovery(service, open, counter.instructions, counter.checks, counter.card);
  }

  private static Map<String, Long> services(Guest.View view) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (Guest.Obj o : view.objects()) {
      if (o.isService()) {
        bytes.put(o.name(), view.memory().allocated(o) - view.memory().allocatedToKeep(o));
      }
    }
    return bytes;
  }

  private static Memory memory(Guest.View view, Map<String, Long> services) {
    long handle = (long) view.size("HandleEntry") + HANDLE_OWNER;
    long control = view.stride("NetKept", "controls.id");
    long rings = view.object(NET).descriptor().get("kept") - view.words().constant("KEPT_RINGS");
    return new Memory(
        state(view, FILES) + handle + OPEN_INODE,
        state(view, NET) + handle + CONTROLS * control,
        rings / view.words().constant("SOCKETS"),
        services);
  }

  private static long state(Guest.View view, String service) {
    return view.states().allocated(view.states().of(view.object(service)).getFirst());
  }
}
