package org.curios.lab.foreign;

import org.curios.lab.trial.Outcome.Word;

/**
 * The outcome of a trial with an image other than CuriOS.
 *
 * @param word the word for it: unnoticed, silent corruption, service lost for a guest that ended
 *     with another status or by an exception without a handler, system lost for one that hangs
 * @param by what ended the guest, if that is how the fault was detected; otherwise empty
 * @param statusRight whether its exit status is that of the undisturbed run
 * @param dataRight whether its output and the chosen memory are
 * @param difference the first one, for people; empty if there is none
 * @param ticks when it was known
 */
public record ForeignOutcome(
    Word word, String by, boolean statusRight, boolean dataRight, String difference, long ticks) {
  /** Returns whether the guest itself or the processor noticed the fault. */
  public boolean detected() {
    return !by.isEmpty();
  }
}
