/** The SD card: its content, which machines share copy-on-write, and what writes it to a file. */
package org.curios.machine.card;
