/** The page on which a typed prompt goes the way of a run: one attempt, its screens and its votes. */
@NullMarked
package dev.precept.console.attempt;

import org.jspecify.annotations.NullMarked;
