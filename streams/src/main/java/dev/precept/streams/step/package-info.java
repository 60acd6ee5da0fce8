/** The steps of the topology: intake, screening, deciding. */
@NullMarked
package dev.precept.streams.step;

import org.jspecify.annotations.NullMarked;
