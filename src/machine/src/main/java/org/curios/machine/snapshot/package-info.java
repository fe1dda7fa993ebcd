/** The whole machine at a tick, in memory and on disk. */
package org.curios.machine.snapshot;
