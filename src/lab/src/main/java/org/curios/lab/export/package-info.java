/** What happened in a session, as files for other tools. */
package org.curios.lab.export;
