package org.curios.campaign.plan;

import java.nio.file.Path;
import java.util.List;
import org.curios.lab.foreign.ForeignSummary;

/**
 * The image that a plan runs instead of CuriOS.
 *
 * @param image its file
 * @param ticks instruction at which the run ends if the guest has not ended; 0 for none
 * @param patience times the length of the undisturbed run after which a guest hangs
 * @param memory parts of memory that are compared in the end, as the plan names them
 * @param undisturbed how it runs without a fault; null before it was measured
 */
public record Foreign(
    Path image, long ticks, int patience, List<String> memory, ForeignSummary undisturbed) {
  /** The only policy of such plans: what recovery there is, the image does itself. */
  public static final String POLICY = "none";

  /** Copies the list. */
  public Foreign {
    memory = List.copyOf(memory);
  }

  /** Returns the same with the undisturbed run. */
  public Foreign measured(ForeignSummary summary) {
    return new Foreign(image, ticks, patience, memory, summary);
  }

  /** Returns the name of the file, without its folder. */
  public String name() {
    return image.getFileName().toString();
  }
}
