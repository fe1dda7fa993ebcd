/** What happened in a session, as files for tools that others have made. */
package org.curios.lab.export;
