/** A model that remembers: what was answered and paid for once is not asked again. */
@NullMarked
package dev.precept.model.cache;

import org.jspecify.annotations.NullMarked;
