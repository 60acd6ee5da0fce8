/** Prices of model calls. */
@NullMarked
package dev.precept.model.pricing;

import org.jspecify.annotations.NullMarked;
