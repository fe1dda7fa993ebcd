package org.curios.machine.semihosting;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import org.curios.arm.bus.Stateful;
import org.curios.machine.input.ConsoleInput;

/**
 * The files that the guest has opened by semihosting, by their handles: the console {@code :tt},
 * the features of semihosting, and files of the host in a folder that the user has chosen. A
 * snapshot has the open files and their positions, not their contents.
 */
public final class GuestFiles implements Stateful {
  private static final String CONSOLE = ":tt";
  private static final int FIRST_HANDLE = 1;
  private static final int MOST = 64;
  private static final int MODES = 12;
  private static final int WRITE = 4;
  private static final int APPEND = 8;

  /** How a file was opened, so that it can be opened again. */
  private record Opened(String name, int mode, GuestFile file) {}

  private final PrintStream out;
  private final PrintStream errors;
  private final HostFolder folder;
  private final ConsoleInput input;
  private final Map<Integer, Opened> open = new TreeMap<>();

  /**
   * Starts with no file open.
   *
   * @param out standard output
   * @param errors standard error
   * @param input standard input, or null
   * @param folder the folder whose files may be opened, or null
   */
  public GuestFiles(PrintStream out, PrintStream errors, ConsoleInput input, HostFolder folder) {
    this.out = out;
    this.errors = errors;
    this.input = input;
    this.folder = folder;
  }

  /** Opens a file; returns its handle. */
  int open(String name, int mode) throws IOException {
    int handle = FIRST_HANDLE;
    while (open.containsKey(handle)) {
      handle++;
    }
    if (handle > MOST) {
      throw new GuestFile.Failure(GuestFile.EMFILE);
    }
    open.put(handle, new Opened(name, mode, file(name, mode, false)));
    return handle;
  }

  private GuestFile file(String name, int mode, boolean again) throws IOException {
    if (mode < 0 || mode >= MODES) {
      throw new GuestFile.Failure(GuestFile.EINVAL);
    }
    if (name.equals(CONSOLE)) {
      return mode < WRITE ? new Input() : new Output(mode >= APPEND);
    }
    if (name.equals(FeaturesFile.NAME)) {
      if (mode > 1) {
        throw new GuestFile.Failure(GuestFile.EACCES);
      }
      return new FeaturesFile();
    }
    if (folder == null) {
      throw new GuestFile.Failure(GuestFile.ENOENT);
    }
    return folder.open(name, mode, again);
  }

  /** Returns the file of a handle. */
  GuestFile file(int handle) throws GuestFile.Failure {
    Opened opened = open.get(handle);
    if (opened == null) {
      throw new GuestFile.Failure(GuestFile.EBADF);
    }
    return opened.file;
  }

  /** Closes the file of a handle. */
  void close(int handle) throws IOException {
    file(handle).close();
    open.remove(handle);
  }

  /** Closes all files. */
  public void closeAll() {
    open.values().forEach(o -> closeQuietly(o.file));
    open.clear();
  }

  private static void closeQuietly(GuestFile file) {
    try {
      file.close();
    } catch (IOException e) {
      return; // all writes have been passed to the host
    }
  }

  /** Returns the folder of the host. */
  HostFolder folder() throws GuestFile.Failure {
    if (folder == null) {
      throw new GuestFile.Failure(GuestFile.EACCES);
    }
    return folder;
  }

  /** Reads standard input, opened or not: SYS_READC. */
  int readCharacter(long tick) {
    byte[] one = new byte[1];
    return input != null && input.read(tick, one, 1) == 1 ? one[0] & 0xff : -1;
  }

  private final class Input implements GuestFile {
    @Override
    public int read(long tick, byte[] to, int most) {
      return input == null ? 0 : input.read(tick, to, most);
    }

    @Override
    public boolean isTerminal() {
      return true;
    }
  }

  private final class Output implements GuestFile {
    private final boolean isErrors;

    Output(boolean isErrors) {
      this.isErrors = isErrors;
    }

    @Override
    public void write(byte[] from, int count) {
      if (isErrors) {
        out.flush(); // keeps the order of writes
        errors.write(from, 0, count);
        errors.flush();
      } else {
        out.write(from, 0, count);
      }
    }

    @Override
    public boolean isTerminal() {
      return true;
    }
  }

  @Override
  public void save(DataOutput state) throws IOException {
    state.writeInt(open.size());
    for (Map.Entry<Integer, Opened> e : open.entrySet()) {
      state.writeInt(e.getKey());
      state.writeUTF(e.getValue().name);
      state.writeInt(e.getValue().mode);
      state.writeLong(e.getValue().file.position());
    }
  }

  /** A file that can no longer be opened is closed. */
  @Override
  public void restore(DataInput state) throws IOException {
    closeAll();
    for (int i = state.readInt(); i > 0; i--) {
      int handle = state.readInt();
      String name = state.readUTF();
      int mode = state.readInt();
      long position = state.readLong();
      try {
        GuestFile file = file(name, mode, true);
        open.put(handle, new Opened(name, mode, file));
        if (position > 0) {
          file.seek(position);
        }
      } catch (IOException e) {
        open.remove(handle);
      }
    }
  }
}
