/** Where the guest spends its instructions: a profiler with the same result on each run. */
package org.curios.lab.profile;
