/** What a user writes where a dataset is named, and the store that it means. */
@NullMarked
package dev.precept.store.location;

import org.jspecify.annotations.NullMarked;
