/**
 * The Truffle language "arm": its sources are executable images, its values are machines. The board
 * around the processor is found as a service ({@link MachineProvider}).
 */
package org.curios.arm.language;
