package org.curios.arm.code;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Where jumps to computed targets have led, by their places in RAM. */
public final class KnownJumps {
  /** Number of {@link #noted} as a power of two. */
  private static final int NOTED = 17;

  /** Of pairs of a jump and where it has led that are recorded already, bits of a hash. */
  private final int[] noted = new int[1 << NOTED];

  private final Map<Integer, JumpTargets> targets = new HashMap<>();

  /** How many targets were noted. */
  private int count;

  /** Returns where the jump at a place has led. */
  JumpTargets at(int physical) {
    return targets.computeIfAbsent(physical, place -> new JumpTargets());
  }

  /** Notes where the jump at a place has led. */
  public void note(int physical, int target) {
    long jump = CodeEntry.key(target, physical);
    int at = (int) (jump >>> 64 - NOTED);
    int hash = (int) (jump >>> 15);
    if (noted[at] != hash && noted[at ^ 1] != hash) {
      noted[at] = noted[at ^ 1];
      noted[at ^ 1] = hash;
      count += at(physical).note(target) ? 1 : 0;
    }
  }

  /** Forgets the jumps at some places, since other code is there now. */
  void forget(int physical, int bytes) {
    for (int place = physical & ~1; place < physical + bytes && !targets.isEmpty(); place += 2) {
      JumpTargets known = targets.remove(place);
      if (known != null) {
        count -= known.count();
        for (int target : known.toArray()) {
          forgetNote(CodeEntry.key(target, place));
        }
      }
    }
  }

  private void forgetNote(long jump) {
    int at = (int) (jump >>> 64 - NOTED);
    int hash = (int) (jump >>> 15);
    for (int i : new int[] {at, at ^ 1}) {
      if (noted[i] == hash) {
        noted[i] = 0;
      }
    }
  }

  /** Returns how many targets were noted here, which may be a few less than there are. */
  int count() {
    return count;
  }

  /** Forgets all. */
  void clear() {
    count = 0;
    targets.clear();
    Arrays.fill(noted, 0);
  }
}
