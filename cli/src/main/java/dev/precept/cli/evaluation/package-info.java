/** What the command {@code eval} reads and checks before a suite starts. */
@NullMarked
package dev.precept.cli.evaluation;

import org.jspecify.annotations.NullMarked;
