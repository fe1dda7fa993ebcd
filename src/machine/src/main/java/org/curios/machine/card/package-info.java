/** The SD card. */
package org.curios.machine.card;
