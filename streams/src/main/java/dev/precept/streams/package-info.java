/** The curation topology: the only brain of the line. No I/O, no randomness, no decision by the wall clock. */
@NullMarked
package dev.precept.streams;

import org.jspecify.annotations.NullMarked;
