/**
 * Warm code: the blocks of a granule as machine code of the host, or, where its instruction set is
 * not known, as a class that the host's own compiler compiles. It is there long before a region is,
 * and costs a thousandth of one.
 */
package org.curios.arm.warm;
