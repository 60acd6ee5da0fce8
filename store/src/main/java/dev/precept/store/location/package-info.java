/** Parses the location of a store, and opens it. */
@NullMarked
package dev.precept.store.location;

import org.jspecify.annotations.NullMarked;
