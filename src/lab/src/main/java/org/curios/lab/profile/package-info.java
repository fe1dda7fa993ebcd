/** Where the guest spends its instructions: a profiler that gives the same answer on each run. */
package org.curios.lab.profile;
