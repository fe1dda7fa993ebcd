/**
 * CuriOS as it lies in the memory of the machine: its structures, its names, its boot arguments.
 */
package org.curios.lab.guest;
