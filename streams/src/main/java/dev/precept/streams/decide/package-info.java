/** The decision on a verdict: the minimum vote against the threshold. */
@NullMarked
package dev.precept.streams.decide;

import org.jspecify.annotations.NullMarked;
