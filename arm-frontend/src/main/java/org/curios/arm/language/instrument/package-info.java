/**
 * The guest run in the form that Truffle's tools see into: each activation of a guest function is a
 * call of a root node, each source line a statement. The instructions are the same nodes as
 * everywhere, in the same blocks, with the same ticks; what differs is who goes from block to
 * block. Used only when a tool is requested.
 */
package org.curios.arm.language.instrument;
