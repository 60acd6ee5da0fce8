/** The commit chain: which offsets of a partition are in which data file. */
@NullMarked
package dev.precept.dataset.chain;

import org.jspecify.annotations.NullMarked;
