/** Finds similar texts among many, on disk: which of them share a band, and which of these are truly similar. */
@NullMarked
package dev.precept.dataset.neardup;

import org.jspecify.annotations.NullMarked;
