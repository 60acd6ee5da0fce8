/** Child processes: started, told what to do line by line, looked at from outside, and never left behind. */
@NullMarked
package dev.precept.benchmarks.process;

import org.jspecify.annotations.NullMarked;
