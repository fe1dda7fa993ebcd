/** Campaigns on a cluster of Apache Spark. */
package org.curios.campaign.spark;
