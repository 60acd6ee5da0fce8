/** Where a dataset lies: keys that can be created only once. */
@NullMarked
package dev.precept.store;

import org.jspecify.annotations.NullMarked;
