/** The views that a trainer loads: projections of the neutral row. */
@NullMarked
package dev.precept.dataset.view;

import org.jspecify.annotations.NullMarked;
