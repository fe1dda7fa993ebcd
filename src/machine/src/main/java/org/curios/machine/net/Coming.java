package org.curios.machine.net;

/**
 * A frame on its way to a controller.
 *
 * @param tick when it arrives
 * @param from the sender, by number: of two that arrive at the same tick the lower one is first
 * @param number how many that one has sent before
 * @param frame from the destination address on, without frame check sequence; empty for the end of
 *     the link
 */
record Coming(long tick, int from, long number, byte[] frame) {}
