/** The polyglot engine that compiles the guest, and its logs. */
package org.curios.machine.engine;
