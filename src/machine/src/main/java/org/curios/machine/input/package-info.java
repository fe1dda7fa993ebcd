/** What comes to the machine from outside, with the tick at which it came. */
package org.curios.machine.input;
