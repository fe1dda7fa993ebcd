package org.curios.shell;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which trial of a campaign is run again, and how. */
final class TrialOptions {
  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the campaign.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "TRIAL", description = "Number of the trial.")
  private long number;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Of a campaign with several policies, the one of the trial.")
  private String policy;

  @Option(names = "--no-jit", description = "Interpret only.")
  private boolean noJit;

  /** Reads the trial from its campaign. */
  RecordedTrial trial() {
    return RecordedTrial.of(folder, number, policy);
  }

  /** Returns whether hot code is compiled. */
  boolean jit() {
    return !noJit;
  }
}
