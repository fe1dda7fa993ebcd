/**
 * The processor's state and its view of memory: registers and modes, CP15, the MMU with its page
 * tables, and the software translation tables that make a load or store one table access. These
 * classes belong together: a change of mode or of CP15 changes what memory shows.
 */
package org.curios.arm.core;
