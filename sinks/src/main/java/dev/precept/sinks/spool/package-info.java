/** Rows on the local disk on their way to a better place. */
@NullMarked
package dev.precept.sinks.spool;

import org.jspecify.annotations.NullMarked;
