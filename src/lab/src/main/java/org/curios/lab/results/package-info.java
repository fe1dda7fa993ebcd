/** Results: tables, the files that keep them, and charts. */
package org.curios.lab.results;
