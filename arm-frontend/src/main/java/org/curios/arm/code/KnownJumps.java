package org.curios.arm.code;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The targets of computed jumps, by their places in RAM. */
public final class KnownJumps {
  /** Number of {@link #noted} as a power of two. */
  private static final int NOTED = 17;

  /** A hash table of pairs of jump and target, to skip those recorded already. */
  private final int[] noted = new int[1 << NOTED];

  private final Map<Integer, JumpTargets> targets = new HashMap<>();

  /** Number of recorded targets. */
  private int count;

  /** Returns the targets of the jump at a place. */
  JumpTargets at(int physical) {
    return targets.computeIfAbsent(physical, place -> new JumpTargets());
  }

  /** Records a target of the jump at a place. */
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

  /** Drops the jumps at some places, where the code has changed. */
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

  /** Returns the number of recorded targets; a few may be missing. */
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
