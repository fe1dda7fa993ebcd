/**
 * What surrounds the processor: physical memory and devices, interrupt wires, and virtual time with
 * its events. Devices are written against this room alone.
 */
package org.curios.arm.bus;
