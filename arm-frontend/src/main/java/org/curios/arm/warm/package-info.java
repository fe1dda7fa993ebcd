/**
 * Warm code: blocks of a granule as a class of the host, compiled by the host's own compilers. It
 * is there long before a region is, and costs a thousandth of one.
 */
package org.curios.arm.warm;
