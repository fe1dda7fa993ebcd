/** The devices of the board: one class each, by its manual. */
package org.curios.machine.device;
