/** Makes ext2 file systems, so that a card needs neither mke2fs nor root. */
package org.curios.machine.card.ext2;
