/**
 * The machine as programs of other languages see it: objects and exceptions that follow the rules
 * of Truffle's InteropLibrary. They throw only interop exceptions.
 */
package org.curios.arm.language.interop;
