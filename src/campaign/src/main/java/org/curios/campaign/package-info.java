/** Fault campaigns: plans, the choice of trials, their store, statistics and reports. */
package org.curios.campaign;
