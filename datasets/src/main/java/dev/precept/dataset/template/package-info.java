/** Checks whether a trainer's chat template keeps the texts of a view. */
@NullMarked
package dev.precept.dataset.template;

import org.jspecify.annotations.NullMarked;
