/**
 * Runs the processor: moves between the interpreter and compiled regions, stops at the exact tick,
 * and decides when code is compiled. The only room that knows both {@code cold} and {@code region}.
 */
package org.curios.arm.run;
