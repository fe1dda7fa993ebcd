package org.curios.lab.guest;

import java.util.ArrayList;
import java.util.List;
import org.curios.lab.LabException;
import org.curios.lab.Nearest;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.guest.Guest.Extent;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;
import org.curios.machine.Machine;

/** The server state regions of the guest at one moment; to be used on the machine's thread. */
public final class GuestStates {
  private static final int WORD = 4;

  private final View view;
  private final Machine m;
  private final Introspection types;
  private final Numbers numbers;

  /**
   * The numbers of an image that are needed to read states, looked up once.
   *
   * @param busy mode of a state that a request uses
   * @param packed kind of a state with neighbours in its granule
   * @param shadowed kind of a state that the kernel keeps a copy of
   * @param granule bytes that are mapped at once
   */
  record Numbers(int busy, int packed, int shadowed, int granule) {
    static Numbers of(Dictionary words) {
      return new Numbers(
          words.number(Kind.MODE, "busy"),
          words.number(Kind.MODE, "packed"),
          words.number(Kind.MODE, "shadowed"),
          words.constant("GRANULE"));
    }
  }

  GuestStates(View view, Introspection types, Numbers numbers) {
    this.view = view;
    this.m = view.machine();
    this.types = types;
    this.numbers = numbers;
  }

  /** Returns the SSRs in a server, in the order of connection. */
  public List<Struct> of(Obj server) {
    List<Struct> all = new ArrayList<>();
    for (int at = (int) server.struct().get("ssrs"); at != 0 && all.size() < 4096; ) {
      Struct s = view.struct("Ssr", at);
      all.add(s);
      at = (int) s.get("next");
    }
    return all;
  }

  /** Returns the SSRs that servers keep for a client. */
  public List<Struct> ownedBy(Obj owner) {
    long id = owner.struct().get("id");
    return view.objects().stream()
        .flatMap(o -> of(o).stream())
        .filter(s -> s.get("owner") == id)
        .toList();
  }

  /** Returns the physical address of a state's contents while no request uses it. */
  public int address(Struct s) {
    return s.get("kind") == numbers.packed
        ? s.address() + view.size("Ssr")
        : (int) (Guest.word(m, (int) s.get("pte")) & ~0xfffL) | (int) s.get("address") & 0xfff;
  }

  /** Returns the bytes that are allocated for a state, its record included. */
  public long allocated(Struct s) {
    boolean twice = s.get("kind") == numbers.packed;
    long copies =
        twice
            ? 2
            : s.get("kind") == numbers.shadowed
                    || view.words().name(Kind.POLICY, view.policy()).equals("datastore")
                ? 1
                : 0;
    return view.size("Ssr") + copies * s.get("bytes") + (twice ? 0 : numbers.granule);
  }

  /** Returns whether a request of its owner is using a state. */
  public boolean isBusy(Struct s) {
    return s.get("mode") == numbers.busy;
  }

  /** Returns the state whose record is at an address, or null. */
  public Struct at(int address) {
    for (Obj o : view.objects()) {
      for (Struct s : of(o)) {
        if (s.address() == address) {
          return s;
        }
      }
    }
    return null;
  }

  /** Returns the content of a state, whose recorded length a fault may have changed. */
  public byte[] content(Struct s) {
    byte[] bytes = new byte[Math.clamp(s.get("bytes"), 0, numbers.granule)];
    int at = address(s);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (m.bus().isRam(at + i) ? m.bus().read(at + i, 1) : 0);
    }
    return bytes;
  }

  /**
   * Returns the contents of a state, with zeros for times and for everything that its server does
   * not describe, which follows from the rest.
   */
  public byte[] timelessContent(Struct s) {
    byte[] bytes = content(s);
    List<Introspection.Field> fields = fields(s);
    if (fields.isEmpty()) {
      return bytes;
    }
    byte[] timeless = new byte[bytes.length];
    copy(bytes, timeless, 0, WORD);
    for (Introspection.Field f : fields) {
      for (int i = 0; f.show().isTimeless() && i < f.count(); i++) {
        copy(bytes, timeless, f.offset() + i * f.stride(), f.size());
      }
    }
    return timeless;
  }

  /** Copies what there is of a range of a state. */
  private static void copy(byte[] from, byte[] to, int start, int bytes) {
    int end = Math.min(start + bytes, from.length);
    if (start < end) {
      System.arraycopy(from, start, to, start, end - start);
    }
  }

  private List<Introspection.Field> fields(Struct s) {
    String server = view.nameOf((int) s.get("server"));
    List<Introspection.Field> own = types.fields(server + "/" + view.nameOf((int) s.get("owner")));
    return own.isEmpty() ? types.fields(server) : own;
  }

  /** Decodes a state with its server's description; empty if there is none. */
  public List<StateField> decode(Struct s) {
    return StateField.decode(content(s), fields(s));
  }

  /** Returns a word of a state. */
  public int word(Struct s, int offset) {
    return Guest.word(m, address(s) + offset);
  }

  /** Returns the checksum that a packed state must have. */
  public int sum(Struct s) {
    int sum = 0;
    for (int i = 0; i < s.get("bytes"); i += 4) {
      sum = word(s, i) + Integer.rotateRight(sum, 5);
    }
    return sum;
  }

  /**
   * Returns where a field of a state lies, as its server describes it.
   *
   * @throws LabException when it describes no such field
   */
  public Extent extent(Struct s, String field) {
    List<String> names = new ArrayList<>();
    for (Introspection.Field f : fields(s)) {
      if (f.name().equals(field)) {
        return View.extent(address(s), f);
      }
      names.add(f.name());
    }
    throw new LabException(
        field
            + ": no such field of a state of "
            + view.nameOf((int) s.get("server"))
            + Nearest.hint(field, names)
            + "; there are "
            + String.join(", ", names));
  }
}
