/** Withdraws and purges rows, and finds files that no document references. */
@NullMarked
package dev.precept.dataset.removal;

import org.jspecify.annotations.NullMarked;
