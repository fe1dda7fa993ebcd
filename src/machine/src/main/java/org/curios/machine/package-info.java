/**
 * The VersatilePB board: RAM, devices, images, and the machine that they make together with the
 * processor.
 */
package org.curios.machine;
