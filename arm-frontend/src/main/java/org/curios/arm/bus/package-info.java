/**
 * What surrounds the processor: physical memory and devices, interrupt wires, and virtual time with
 * its events. Devices depend only on this package.
 */
package org.curios.arm.bus;
