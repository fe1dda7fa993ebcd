package org.curios.lab.guest;

import java.util.List;
import java.util.stream.IntStream;
import org.curios.arm.core.Psr;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;

/**
 * Crashes that are armed in the guest's memory, for a later request of a service; to be used on the
 * machine's thread.
 *
 * @param view the guest at one moment
 */
public record GuestCrashes(View view) {
  /** The method of services that nobody calls. */
  private static final String NOTHING = "nothing";

  /** The crash that overwrites a state. */
  private static final String STATE = "state";

  /**
   * Checks that a service can crash in a given way.
   *
   * @param crash a name of {@link Kind#CRASH}
   * @throws LabException if the service lacks what the crash needs
   */
  public void mustSuit(Obj service, String crash) {
    if (crash.equals(STATE) && service.descriptor().get("state_bytes") == 0) {
      List<String> others =
          view.objects().stream()
              .filter(o -> o.isService() && o.descriptor().get("state_bytes") > 0)
              .map(Obj::name)
              .toList();
      throw new LabException(
          service.name()
              + " keeps no states, and cannot crash through one; "
              + String.join(", ", others)
              + " do, and "
              + service.name()
              + " can crash in the other ways");
    }
  }

  /**
   * Like the kernel's arm(): the next request takes the slow path and ends in a crash. A service
   * that nobody calls crashes when it runs next.
   *
   * @param crash its number
   */
  public void arm(Obj o, int crash) {
    arm(o, crash, 0, 0, 0, 0);
  }

  /**
   * Arms a crash.
   *
   * @param crash its number
   * @param after requests that pass first
   * @param client number of the object whose requests count; 0 for all
   * @param a for crashes that the laboratory executes
   * @param b the second detail
   */
  public void arm(Obj o, int crash, int after, int client, int a, int b) {
    if (!isCalled(o)) {
      strikeLoop(o, view.words().crash(crash));
      return;
    }
    o.struct().set("armed", crash);
    o.struct().set("armed_after", after);
    o.struct().set("armed_client", client);
    o.struct().set("armed_with", 0, a);
    o.struct().set("armed_with", 1, b);
    view.words().all(Kind.CLOSED).forEach(field -> o.struct().set(field.name(), field.number()));
  }

  /** Returns whether a service has methods that others call; otherwise it only has a main loop. */
  public boolean isCalled(Obj service) {
    int methods = view.methodTable(service).size();
    return IntStream.range(0, methods).anyMatch(m -> !view.methodName(service, m).equals(NOTHING));
  }

  /**
   * Makes a service that nobody calls crash when it runs next.
   *
   * @param crash a name of {@link Kind#CRASH}
   * @throws LabException if it has no thread, or is running at this moment
   */
  private void strikeLoop(Obj service, String crash) {
    Struct thread = view.threadOfObject((int) service.struct().get("id"));
    if (thread == null) {
      throw new LabException(service.name() + " has no thread any more");
    }
    Struct frame = view.activations(thread).get(0);
    if (view.machine().cpu().mode() == Psr.USER
        && view.currentThread().address() == thread.address()
        && view.activations(thread).size() == 1) {
      throw new LabException(service.name() + " runs at this moment; try again after step");
    }
    frame.set("pc", view.symbol("crash_" + crash));
  }

  /** Disarms a crash. */
  public void disarm(Obj o) {
    o.struct().set("armed", 0);
  }
}
