/** Where a dataset lies: keys that can be created only once. */
@NullMarked
package dev.precept.sinks.store;

import org.jspecify.annotations.NullMarked;
