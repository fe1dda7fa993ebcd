package org.curios.machine.semihosting;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A file of the host that the guest has opened. */
final class HostFile implements GuestFile {
  private static final int UPDATE = 2;
  private static final int KINDS = 4;
  private static final int WRITE = 4;
  private static final int APPEND = 8;

  private final FileChannel channel;
  private final boolean appends;
  private final boolean reads;
  private final boolean writes;

  /**
   * Opens a file as fopen does.
   *
   * @param mode 0 to 11, as of SYS_OPEN: {@code r rb r+ r+b w wb w+ w+b a ab a+ a+b}
   * @param again whether it was open before and keeps its content
   */
  HostFile(Path file, int mode, boolean again) throws IOException {
    boolean updates = (mode & UPDATE) != 0;
    int kind = mode & -KINDS;
    appends = kind == APPEND;
    reads = kind == 0 || updates;
    writes = kind != 0 || updates;
    List<OpenOption> options = new ArrayList<>();
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (reads) {
      options.add(StandardOpenOption.READ);
    }
    if (writes) {
      options.add(StandardOpenOption.WRITE);
    }
    if (kind != 0) {
      options.add(StandardOpenOption.CREATE);
    }
    if (kind == WRITE && !again) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    channel = FileChannel.open(file, options.toArray(OpenOption[]::new));
  }

  @Override
  public int read(long tick, byte[] to, int most) throws IOException {
    if (!reads) {
      throw new Failure(EBADF);
    }
    ByteBuffer buffer = ByteBuffer.wrap(to, 0, most);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    return buffer.position();
  }

  @Override
  public void write(byte[] from, int count) throws IOException {
    if (!writes) {
      throw new Failure(EBADF);
    }
    if (appends) {
      channel.position(channel.size());
    }
    ByteBuffer buffer = ByteBuffer.wrap(from, 0, count);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  @Override
  public void seek(long position) throws IOException {
    if (position < 0) {
      throw new Failure(EINVAL);
    }
    channel.position(position);
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public long length() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
