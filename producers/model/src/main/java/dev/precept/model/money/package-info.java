/** What calls cost. */
@NullMarked
package dev.precept.model.money;

import org.jspecify.annotations.NullMarked;
