/** Places to go on from: in a version, and in a dataset that is still being made. Pure names, no store. */
@NullMarked
package dev.precept.sinks.read;

import org.jspecify.annotations.NullMarked;
