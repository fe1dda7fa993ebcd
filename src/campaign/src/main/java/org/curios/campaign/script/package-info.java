/** Campaigns as scripts see them. */
package org.curios.campaign.script;
