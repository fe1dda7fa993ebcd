/** The program in an image: symbols, lines, source text, values of its types. */
package org.curios.lab.program;
