/**
 * Regions, the units of partial evaluation: which blocks are compiled together, how control flows
 * between them, and which loops keep their registers in host registers.
 */
package org.curios.arm.region;
