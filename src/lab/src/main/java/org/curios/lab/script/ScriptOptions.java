package org.curios.lab.script;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a script may do.
 *
 * @param allowIo whether it may use files and sockets
 * @param allowHost whether it may use the classes of the Java virtual machine, and threads
 * @param timeout how long it may run; null for no limit
 * @param memoryBytes how much it may add to the memory in use; 0 for no limit
 * @param folder where its results go
 */
public record ScriptOptions(
    boolean allowIo, boolean allowHost, Duration timeout, long memoryBytes, Path folder) {
  /** The memory that a script may use by default: 1 GiB. */
  public static final long MEMORY = 1L << 30;
}
