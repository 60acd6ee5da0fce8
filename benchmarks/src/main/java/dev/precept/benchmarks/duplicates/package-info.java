/** Searches for near-duplicates: the same documents, searched by Precept's signatures and by others. */
@NullMarked
package dev.precept.benchmarks.duplicates;

import org.jspecify.annotations.NullMarked;
