package org.curios.arm.language.interop;

/** The methods of a machine, with their numbers of arguments. */
enum MachineMethod {
  RUN("run", 0, 1, "run([untilTick])"),
  STEP("step", 0, 1, "step([instructions])"),
  UNTIL("until", 1, 2, "until(place, [untilTick])"),
  STOP("stop", 0, 0, "stop()"),
  SNAPSHOT("snapshot", 0, 0, "snapshot()"),
  RESTORE("restore", 1, 1, "restore(snapshot)"),
  SET_BREAKPOINT("setBreakpoint", 1, 1, "setBreakpoint(place)"),
  CLEAR_BREAKPOINT("clearBreakpoint", 1, 1, "clearBreakpoint(place)"),
  WATCH("watch", 2, 3, "watch(place, bytes, [\"r\"|\"w\"|\"rw\"])"),
  UNWATCH("unwatch", 1, 1, "unwatch(place)"),
  TYPE("type", 1, 1, "type(text)"),
  ADDRESS("address", 1, 1, "address(place)"),
  DESCRIBE("describe", 1, 1, "describe(address)");

  private final String id;
  private final int least;
  private final int most;
  private final String signature;

  MachineMethod(String id, int least, int most, String signature) {
    this.id = id;
    this.least = least;
    this.most = most;
    this.signature = signature;
  }

  String id() {
    return id;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  String signature() {
    return signature;
  }

  /** Returns the method with a name, or null. */
  static MachineMethod named(String name) {
    for (MachineMethod m : values()) {
      if (m.id.equals(name)) {
        return m;
      }
    }
    return null;
  }
}
