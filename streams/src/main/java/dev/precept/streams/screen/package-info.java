/** The deterministic screen: what is not a whole, shaped completion never reaches a judge. */
@NullMarked
package dev.precept.streams.screen;

import org.jspecify.annotations.NullMarked;
