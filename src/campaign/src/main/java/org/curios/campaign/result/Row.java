package org.curios.campaign.result;

/**
 * A trial as it is stored: everything but the last three is a function of image, plan and number.
 *
 * @param trial number, from 0; the same number is the same fault under each policy
 * @param policy recovery policy
 * @param kind name of the kind of faults in the plan
 * @param service what was struck; {@code kernel} for the kernel
 * @param fault the fault, as a replay takes it
 * @param second the second one; empty if there is none
 * @param tick instruction before which the first happened, since the machine's start
 * @param pc address of that instruction, unsigned
 * @param function that it is in, with the offset; empty if it is not known
 * @param file source file; empty if it is not known
 * @param line in the file, from 1; 0 if it is not known
 * @param outcome one of the words of outcomes
 * @param detected whether the kernel noticed anything
 * @param detectedBy what noticed it first; empty if nothing did
 * @param struck client whose request or state was struck; empty if there is none
 * @param affected clients that saw something else than in the undisturbed run
 * @param told those of them that got an error
 * @param resultsRight whether every request returned what it returns undisturbed
 * @param dataRight whether all that was read and printed was as undisturbed
 * @param foreignBytes bytes that differ in states of clients that were neither struck nor got an
 *     error
 * @param foreign those states
 * @param difference the first one, for people
 * @param card empty if the card is as after the undisturbed run; otherwise e2fsck's verdict: {@code
 *     clean}, {@code damaged}, or {@code unchecked} without e2fsck
 * @param detectTicks instructions from the fault to its detection; -1 if it was not detected
 * @param recoverTicks instructions from the detection until the service was back; -1 if it never
 *     was
 * @param endTick when the outcome was known
 * @param spaceBits places among which the fault was drawn
 * @param spaceTicks instructions among which its time was drawn
 * @param restoreNs host time to go back to the snapshot
 * @param simulateNs host time to run the guest
 * @param compareNs host time to compare it with the undisturbed run
 */
public record Row(
    long trial,
    String policy,
    String kind,
    String service,
    String fault,
    String second,
    long tick,
    long pc,
    String function,
    String file,
    long line,
    String outcome,
    boolean detected,
    String detectedBy,
    String struck,
    long affected,
    long told,
    boolean resultsRight,
    boolean dataRight,
    long foreignBytes,
    String foreign,
    String difference,
    String card,
    long detectTicks,
    long recoverTicks,
    long endTick,
    long spaceBits,
    long spaceTicks,
    long restoreNs,
    long simulateNs,
    long compareNs) {
  /** Returns the same row without the columns that differ from run to run. */
  public Row timeless() {
    return new Row(
        trial,
        policy,
        kind,
        service,
        fault,
        second,
        tick,
        pc,
        function,
        file,
        line,
        outcome,
        detected,
        detectedBy,
        struck,
        affected,
        told,
        resultsRight,
        dataRight,
        foreignBytes,
        foreign,
        difference,
        card,
        detectTicks,
        recoverTicks,
        endTick,
        spaceBits,
        spaceTicks,
        0,
        0,
        0);
  }
}
