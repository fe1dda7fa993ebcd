package org.curios.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/**
 * Standard output of the process. The process ends when it can no longer be written: silently with
 * the status of SIGPIPE when the reader has closed it; with a message and status 1 after other
 * errors, such as a full disk.
 */
public final class StandardOutput extends OutputStream {
  /** Exit status when standard output cannot be written. */
  private static final int FAILED = 1;

  /** Exit status of a process that SIGPIPE has ended, as shells tell it. */
  private static final int BROKEN_PIPE = 128 + 13;

  private final FileOutputStream file = new FileOutputStream(FileDescriptor.out);
  private final IntConsumer end;
  private int status;

  private StandardOutput(IntConsumer end) {
    this.end = end;
  }

  /**
   * Puts it in the place of {@code System.out}.
   *
   * @param end ends the process with a status
   */
  public static StandardOutput install(IntConsumer end) {
    StandardOutput output = new StandardOutput(end);
    Charset charset =
        Charset.forName(
            System.getProperty("stdout.encoding", Charset.defaultCharset().name()),
            Charset.defaultCharset());
    System.setOut(new PrintStream(output, false, charset));
    return output;
  }

  /** Ends the process with a status, or with that of output that could not be written. */
  public void end(int ofCommand) {
    System.out.flush();
    synchronized (this) {
      ofCommand = status == 0 ? ofCommand : status;
    }
    end.accept(ofCommand);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    try {
      file.write(bytes, from, length);
    } catch (IOException e) {
      fail(e.getMessage());
    }
  }

  /** Ends the process from another thread: the one that writes may be needed for the end. */
  private synchronized void fail(String why) {
    if (status != 0) {
      return;
    }
    if (isPipe() || String.valueOf(why).contains("Broken pipe")) {
      status = BROKEN_PIPE;
    } else {
      System.err.println("curios: standard output cannot be written (" + why + ")");
      status = FAILED;
    }
    int failure = status;
    Thread thread = new Thread(() -> end.accept(failure), "end of output");
    thread.setDaemon(true);
    thread.start();
  }

  /** An error on a pipe means that the reader has closed it; the message depends on the locale. */
  private static boolean isPipe() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().startsWith("pipe:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
