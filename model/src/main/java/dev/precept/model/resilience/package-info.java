/** How hard a model may be asked: how many calls at once, how many a minute, and when not at all. */
@NullMarked
package dev.precept.model.resilience;

import org.jspecify.annotations.NullMarked;
