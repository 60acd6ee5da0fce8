/**
 * Pure functions over text: folded forms, tokens, shingles, MinHash bands, n-grams. The topology, the workers and releases
 * compare texts with the same code.
 */
@NullMarked
package dev.precept.text;

import org.jspecify.annotations.NullMarked;
