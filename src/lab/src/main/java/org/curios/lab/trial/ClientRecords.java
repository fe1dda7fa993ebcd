package org.curios.lab.trial;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.View;

/**
 * The results that a client got from services, read from the records at the start of its heap.
 *
 * @param count how many there were
 * @param ended whether the client has finished
 * @param errors results other than the expected ones; 0 until it has finished
 * @param chain a digest of all
 * @param last the last ones, by rising number
 */
public record ClientRecords(long count, boolean ended, long errors, int chain, List<Entry> last) {
  private static final String TYPE = "Records";
  private static final String TAG = "RECORDS_TAG";
  private static final int PAGE_SHIFT = 12;

  /** No records. */
  public static final ClientRecords NONE = new ClientRecords(0, false, 0, 0, List.of());

  /**
   * The result of a request.
   *
   * @param number from 1
   * @param call object &lt;&lt; 8 | method
   * @param result what it returned
   * @param digest of the data that the client read
   * @param chain of this record and all before it
   */
  public record Entry(long number, int call, int result, int digest, int chain) {
    /** Returns whether another entry has the same contents. */
    public boolean sameAs(Entry other) {
      return call == other.call && result == other.result && digest == other.digest;
    }
  }

  /** The place of a client's records in its heap. */
  private static final class Place {
    private final View view;
    private final Obj client;
    private final int base;

    /**
     * The page that was translated last, and its physical address, or -1; there are many records.
     */
    private int page = -1;

    private int frame;

    Place(View view, Obj client) {
      this.view = view;
      this.client = client;
      base = (view.memory().section(client) << 20) + view.words().constant("HEAP");
    }

    int word(int offset) {
      int address = base + offset;
      if (address >>> PAGE_SHIFT != page) {
        page = address >>> PAGE_SHIFT;
        frame = view.memory().physical(client, page << PAGE_SHIFT);
      }
      int physical = frame + (address & (1 << PAGE_SHIFT) - 1);
      return frame != -1 && view.machine().bus().isRam(physical)
          ? view.machine().bus().read(physical, 4)
          : 0;
    }
  }

  /** Returns whether a client keeps records. */
  static boolean isKept(View view, Obj client) {
    return isKept(view, new Place(view, client));
  }

  private static boolean isKept(View view, Place place) {
    return place.word(view.offset(TYPE, "tag")) == view.words().constant(TAG);
  }

  /** Returns whether a client that keeps records has done its work. */
  static boolean isEnded(View view, Obj client) {
    return new Place(view, client).word(view.offset(TYPE, "ended")) != 0;
  }

  /** Reads the records of a client; none if it keeps none. */
  public static ClientRecords read(View view, Obj client) {
    return read(view, client, 0);
  }

  /** Reads the records of a client after a given number of them. */
  public static ClientRecords read(View view, Obj client, long after) {
    Place place = new Place(view, client);
    if (!isKept(view, place)) {
      return NONE;
    }
    long count = Integer.toUnsignedLong(place.word(view.offset(TYPE, "count")));
    int room = view.elements(TYPE, "ring.number");
    int stride = view.stride(TYPE, "ring.number");
    int number = view.offset(TYPE, "ring.number");
    int call = view.offset(TYPE, "ring.call");
    int result = view.offset(TYPE, "ring.result");
    int digest = view.offset(TYPE, "ring.digest");
    int chain = view.offset(TYPE, "ring.chain");
    List<Entry> last = new ArrayList<>();
    for (long i = Math.max(after, count - room); i < count; i++) {
      int at = (int) (i % room) * stride;
      last.add(
          new Entry(
              Integer.toUnsignedLong(place.word(number + at)),
              place.word(call + at),
              place.word(result + at),
              place.word(digest + at),
              place.word(chain + at)));
    }
    return new ClientRecords(
        count,
        place.word(view.offset(TYPE, "ended")) != 0,
        Integer.toUnsignedLong(place.word(view.offset(TYPE, "errors"))),
        place.word(view.offset(TYPE, "chain")),
        last);
  }

  /** Returns these records with later ones of the same client. */
  public ClientRecords with(ClientRecords later) {
    List<Entry> all = new ArrayList<>(last);
    all.addAll(later.last);
    return new ClientRecords(later.count, later.ended, later.errors, later.chain, List.copyOf(all));
  }
}
