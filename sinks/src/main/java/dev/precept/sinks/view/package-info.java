/** What a trainer loads: projections of the neutral row. */
@NullMarked
package dev.precept.sinks.view;

import org.jspecify.annotations.NullMarked;
