/**
 * One Truffle node per instruction family, and the basic blocks they form. A node works on the
 * processor; it does not know whether it is interpreted or part of compiled code.
 */
package org.curios.arm.nodes;
