package org.curios.lab.trial;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.curios.arm.bus.Bus;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;

/**
 * The clients of a workload. Their places in the kernel are read once, at boot, so that a damaged
 * kernel can still be examined.
 */
final class WorkloadClients {
  private final View view;
  private final List<Obj> all;
  private final int state;
  private final int gone;
  private final Map<Integer, ServiceCall> methods = new TreeMap<>();

  /** Reads the running clients; all objects must exist. */
  WorkloadClients(View view) {
    this.view = view;
    state = view.offset("Object", "state");
    gone = view.words().number(Kind.OBJECT, "gone");
    all =
        view.objects().stream()
            .filter(o -> !o.isService() && o.struct().get("state") != gone)
            .toList();
    for (Obj o : view.objects()) {
      int id = (int) o.struct().get("id");
      for (int i = 0; o.isService() && i < o.descriptor().get("method_count"); i++) {
        methods.put(id << 8 | i, new ServiceCall(o.name(), view.methodName(o, i)));
      }
      methods.put(id << 8 | ClientDifferences.CONNECT, new ServiceCall(o.name(), "connect"));
    }
  }

  /** Returns the call with a number from a record. */
  ServiceCall call(int call) {
    return methods.getOrDefault(call, new ServiceCall(Integer.toString(call), ""));
  }

  private boolean isGone(Bus bus, Obj client) {
    return bus.read(client.struct().address() + state, 4) == gone;
  }

  /** Returns whether a client keeps records, exists and has not finished. */
  private boolean isWorking(Obj client) {
    return ClientRecords.isKept(view, client)
        && !isGone(view.machine().bus(), client)
        && !ClientRecords.isEnded(view, client);
  }

  /** Returns whether there are clients that keep records, and all have finished or ended. */
  boolean areDone() {
    return all.stream().noneMatch(this::isWorking)
        && all.stream().anyMatch(c -> ClientRecords.isKept(view, c));
  }

  /** Returns the first client that is still working; or null. */
  String working() {
    return all.stream().filter(this::isWorking).findFirst().map(Obj::name).orElse(null);
  }

  /** Returns all clients that are still working. */
  Set<String> allWorking() {
    return all.stream().filter(this::isWorking).map(Obj::name).collect(Collectors.toSet());
  }

  /** Reads all records. */
  Map<String, ClientRecords> records() {
    Map<String, ClientRecords> records = new TreeMap<>();
    for (Obj client : all) {
      if (ClientRecords.isKept(view, client)) {
        records.put(client.name(), ClientRecords.read(view, client));
      }
    }
    return records;
  }
}
