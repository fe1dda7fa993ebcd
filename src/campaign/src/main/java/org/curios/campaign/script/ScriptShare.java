package org.curios.campaign.script;

import org.curios.campaign.stat.Share;
import org.curios.lab.script.model.Property;
import org.curios.lab.script.model.ScriptName;

/**
 * A number of trials out of a larger number.
 *
 * @param share the numbers
 */
@ScriptName(value = "Share", doc = "A share of trials, with Wilson's interval of 95 %.")
public record ScriptShare(Share share) {
  /** Returns how many count. */
  @Property("Trials in the share.")
  public long some() {
    return share.some();
  }

  /** Returns how many there are. */
  @Property("All trials.")
  public long all() {
    return share.all();
  }

  /** Returns the share. */
  @Property("The share, 0 to 1; nothing without any trial.")
  public Double value() {
    return share.all() == 0 ? null : share.value();
  }

  /** Returns the lower end. */
  @Property("Lower end of the interval, 0 to 1.")
  public double low() {
    return share.low();
  }

  /** Returns the upper end. */
  @Property("Upper end of the interval, 0 to 1.")
  public double high() {
    return share.high();
  }

  @Override
  public String toString() {
    return share.text();
  }
}
