/** Input to the machine from outside, with its ticks. */
package org.curios.machine.input;
