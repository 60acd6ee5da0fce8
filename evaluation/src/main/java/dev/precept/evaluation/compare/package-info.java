/** The difference of two evaluations. */
@NullMarked
package dev.precept.evaluation.compare;

import org.jspecify.annotations.NullMarked;
