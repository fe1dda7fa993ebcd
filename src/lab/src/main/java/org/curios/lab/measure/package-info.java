/** What the guest costs, taken from outside. */
package org.curios.lab.measure;
