/** What people read of a guest: instructions, and texts that a terminal can show. */
package org.curios.machine.text;
