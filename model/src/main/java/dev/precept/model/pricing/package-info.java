/** What calls cost. */
@NullMarked
package dev.precept.model.pricing;

import org.jspecify.annotations.NullMarked;
