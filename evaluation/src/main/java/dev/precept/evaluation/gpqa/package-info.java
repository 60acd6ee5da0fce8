/** Multiple choice with four choices, as simple-evals computes GPQA. */
@NullMarked
package dev.precept.evaluation.gpqa;

import org.jspecify.annotations.NullMarked;
