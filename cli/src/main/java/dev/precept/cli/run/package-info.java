/** A run from recipe to release: plan, pipeline in one process, single roles, progress line. */
@NullMarked
package dev.precept.cli.run;

import org.jspecify.annotations.NullMarked;
