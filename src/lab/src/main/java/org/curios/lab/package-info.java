/** The laboratory: reads the guest's objects, breaks them, and measures the outcome. */
package org.curios.lab;
