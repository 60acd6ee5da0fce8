/** A run as other processes see it: its control state, its progress, the connection to its topics. */
@NullMarked
package dev.precept.runs;

import org.jspecify.annotations.NullMarked;
