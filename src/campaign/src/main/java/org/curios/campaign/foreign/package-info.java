/** Faults of images other than CuriOS, and the rows of their trials. */
package org.curios.campaign.foreign;
