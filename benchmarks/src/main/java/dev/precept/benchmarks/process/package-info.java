/** Child processes: started, controlled by commands, measured from outside, and always ended. */
@NullMarked
package dev.precept.benchmarks.process;

import org.jspecify.annotations.NullMarked;
