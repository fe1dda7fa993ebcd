package org.curios.lab.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.curios.lab.guest.Guest.Obj;
import org.curios.lab.guest.Guest.Struct;
import org.curios.lab.guest.Guest.View;

/**
 * The open files of the clients of the file service, read from its states, and the blocks of them
 * that are still to be written, read from its cache.
 */
public final class OpenFiles {
  private static final String TYPE = "FilesKept";
  private static final String FILES = "files";
  private static final int SECTOR = 512;
  private static final int DIRECT = 12;
  private static final int POINTERS_AT = 40;
  private static final int GROUP_BYTES = 32;
  private static final int INODE_TABLE_AT = 8;

  private final View view;
  private final Obj files;
  private final Map<Long, Integer> frames = new HashMap<>();
  private final Set<Long> dirty = new HashSet<>();
  private final int log;

  /**
   * An open file.
   *
   * @param client the client that has it open
   * @param inode its number
   * @param position bytes
   * @param mode r, w or rw, followed by a if it is appended to; dir for a directory
   * @param dirtyBlocks blocks of it that wait to be written
   */
  public record OpenFile(String client, long inode, long position, String mode, int dirtyBlocks) {}

  private OpenFiles(View view, Obj files) {
    this.view = view;
    this.files = files;
    log = (int) get("volume.log_block", 0);
    for (int i = 0; i < view.elements(TYPE, "frames.page"); i++) {
      long page = get("frames.page", i) - 1;
      if (page < 0) {
        continue;
      }
      frames.put(page, i);
      long mask = get("frames.data", i) | get("frames.meta", i);
      for (int bit = 0; bit < 8; bit++) {
        if ((mask >> bit & 1) != 0) {
          dirty.add(page * 8 + bit >> log);
        }
      }
    }
  }

  /** Returns the open files of a guest; none if it has no file service. */
  public static List<OpenFile> of(View view) {
    Obj files =
        view.objects().stream()
            .filter(o -> o.isService() && o.name().equals(FILES))
            .findFirst()
            .orElse(null);
    if (files == null) {
      return List.of();
    }
    OpenFiles all = new OpenFiles(view, files);
    List<OpenFile> rows = new ArrayList<>();
    for (Struct state : view.states().of(files)) {
      Map<String, Long> fields = new HashMap<>();
      for (StateField f : view.states().decode(state)) {
        fields.put(f.name(), number(f.values().getFirst()));
      }
      long flags = fields.getOrDefault("flags", 0L);
      if (flags != 0) {
        long inode = fields.get("inode");
        rows.add(
            new OpenFile(
                view.nameOf((int) state.get("owner")),
                inode,
                fields.get("position"),
                all.mode(flags, fields.get("directory") != 0),
                all.dirtyBlocks(inode)));
      }
    }
    return rows;
  }

  private static long number(Object value) {
    return value instanceof Long n ? n : Long.parseLong(value.toString(), 16);
  }

  private String mode(long flags, boolean directory) {
    return directory
        ? "dir"
        : ((flags & constant("OPEN_READ")) != 0 ? "r" : "")
            + ((flags & constant("OPEN_WRITE")) != 0 ? "w" : "")
            + ((flags & constant("OPEN_APPEND")) != 0 ? "a" : "");
  }

  private int constant(String name) {
    return view.words().constant(name);
  }

  private long get(String field, int index) {
    int physical =
        view.memory().kept(files, view.offset(TYPE, field) + index * view.stride(TYPE, field));
    return physical == -1
        ? 0
        : Integer.toUnsignedLong(view.machine().bus().read(physical, view.bytes(TYPE, field)));
  }

  /** A word of the card from the cache; 0 if it is not cached. */
  private long word(long sector, int offset) {
    Integer frame = frames.get(sector >> 3);
    if (frame == null || (get("frames.valid", frame) >> (sector & 7) & 1) == 0) {
      return 0;
    }
    int at =
        view.offset(TYPE, "pages")
            + frame * view.stride(TYPE, "pages")
            + (int) (sector & 7) * SECTOR
            + offset;
    int physical = view.memory().kept(files, at);
    return physical == -1
        ? 0
        : Integer.toUnsignedLong(view.machine().bus().read(physical, Integer.BYTES));
  }

  private int dirtyBlocks(long inode) {
    long perGroup = get("volume.inodes_per_group", 0);
    if (dirty.isEmpty()
        || get("volume.mounted", 0) != constant("MOUNTED")
        || perGroup == 0
        || inode == 0) {
      return 0;
    }
    long byteOfGroup = (inode - 1) / perGroup * GROUP_BYTES;
    long table =
        word(
            get("volume.descriptors", 0) + byteOfGroup / SECTOR,
            (int) (byteOfGroup % SECTOR) + INODE_TABLE_AT);
    long byteOfInode = (inode - 1) % perGroup * get("volume.inode_bytes", 0);
    long sector = (table << log) + byteOfInode / SECTOR;
    int at = (int) (byteOfInode % SECTOR) + POINTERS_AT;
    int count = 0;
    for (int i = 0; i < DIRECT + 3; i++) {
      count += tree(word(sector, at + 4 * i), Math.max(0, i - DIRECT + 1));
    }
    return count;
  }

  /** Dirty blocks below a pointer; blocks that are not cached are not dirty. */
  private int tree(long block, int levels) {
    if (block == 0) {
      return 0;
    }
    int count = dirty.contains(block) ? 1 : 0;
    for (int i = 0; levels > 0 && i < SECTOR / 4 << log; i++) {
      count += tree(word((block << log) + i / (SECTOR / 4), i % (SECTOR / 4) * 4), levels - 1);
    }
    return count;
  }
}
