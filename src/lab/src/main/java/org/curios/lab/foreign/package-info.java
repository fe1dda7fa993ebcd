/** Trials of images other than CuriOS: what they print, their exit status and chosen memory. */
package org.curios.lab.foreign;
