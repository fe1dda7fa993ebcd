package org.curios.lab.trial;

import java.util.List;
import org.curios.lab.guest.Guest.View;

/**
 * Whose request or state a fault hits.
 *
 * @param path the client, then each service that called on in its request, without the object that
 *     is hit itself unless it works for nobody; empty if the fault hits no request and no state
 */
record Hit(List<String> path) {
  /** The fault hits no request and no state. */
  static final Hit NOBODY = new Hit(List.of());

  /** Returns whom a fault is going to hit that the machine has arrived at. */
  static Hit of(View v, Fault fault) {
    return switch (fault.kind()) {
      case SSR -> owner(fault.place());
      case FIELD ->
          fault.place().contains(":") ? owner(fault.place().replaceFirst(".*:", "")) : NOBODY;
      case REGISTER, CODE, PRIVATE, BUFFER, CRASH, ABORT -> request(v);
      case KERNEL_REGISTER,
          MODE_REGISTER,
          KEPT,
          KERNEL_MEMORY,
          PAGE_TABLE,
          INTERRUPT,
          MUTATION,
          VARIABLE,
          DEVICE,
          CARD_BLOCK,
          CARD_ERROR,
          PACKET,
          MEMORY ->
          NOBODY;
    };
  }

  /** Returns the client at the start of the path; empty if there is none. */
  String client() {
    return path.isEmpty() ? "" : path.getFirst();
  }

  private static Hit owner(String state) {
    return new Hit(List.of(state.replaceFirst("#.*", "")));
  }

  private static Hit request(View v) {
    if (Injector.running(v) == null) {
      return NOBODY;
    }
    List<String> all = v.path(v.threadOf(Injector.activation(v).address()));
    return new Hit(all.size() == 1 ? all : all.subList(0, all.size() - 1));
  }
}
