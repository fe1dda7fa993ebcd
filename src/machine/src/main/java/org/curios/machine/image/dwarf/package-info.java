/** DWARF of an image: lines, call frames, variables (DWARF 2 to 5). */
package org.curios.machine.image.dwarf;
