/** A stopped program: its calls, its variables, expressions, places in its code. */
package org.curios.lab.inspect;
