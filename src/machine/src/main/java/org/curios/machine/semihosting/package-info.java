/** Semihosting: console, files of the host, arguments, exit. */
package org.curios.machine.semihosting;
