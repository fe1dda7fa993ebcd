/**
 * The table of encodings of ARMv5TE, and the ARM word that does the same as a Thumb instruction.
 * Facts only: decoders, generators of tests and the coverage report read them.
 */
package org.curios.arm.decode;
