/**
 * Translated code and its history: blocks by physical and virtual address, their execution counts,
 * the targets of their computed jumps. Stores into RAM are reported here, and drop code made from
 * the old bytes.
 */
package org.curios.arm.code;
