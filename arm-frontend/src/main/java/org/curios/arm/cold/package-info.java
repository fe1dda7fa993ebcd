/**
 * The interpreter of instruction words, for code that runs too rarely to be decoded. It counts the
 * blocks that it begins, and leaves rare instructions to their nodes.
 */
package org.curios.arm.cold;
