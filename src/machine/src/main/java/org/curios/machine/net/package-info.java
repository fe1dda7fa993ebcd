/**
 * The board's Ethernet controller with its PHY, and what is at the other end of its cable: switches
 * between machines of this process, streams, and interfaces of the host.
 */
package org.curios.machine.net;
