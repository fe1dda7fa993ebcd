/** The devices of the board that are not the processor's nearest: one class each, by its manual. */
package org.curios.machine.device;
