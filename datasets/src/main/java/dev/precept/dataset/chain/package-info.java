/** The commit chain: pure names and rules of which offsets are in which file. */
@NullMarked
package dev.precept.dataset.chain;

import org.jspecify.annotations.NullMarked;
