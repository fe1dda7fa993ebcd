/** The laboratory: reads the guest's objects, breaks them, and measures what becomes of it. */
package org.curios.lab;
