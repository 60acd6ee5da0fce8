/** The stored specifications, their clauses, and what changed between two of them. */
@NullMarked
package dev.precept.console.specs;

import org.jspecify.annotations.NullMarked;
