/** Runs: plan, roles, the pipeline in one process, the progress line. */
@NullMarked
package dev.precept.cli.run;

import org.jspecify.annotations.NullMarked;
