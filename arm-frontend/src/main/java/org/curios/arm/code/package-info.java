/**
 * Translated code and what is known of its past: blocks by physical and virtual address, how often
 * they ran, where their computed jumps led. Stores into RAM are reported here, and drop what was
 * made of the old bytes.
 */
package org.curios.arm.code;
