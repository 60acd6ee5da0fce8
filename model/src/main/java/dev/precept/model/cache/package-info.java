/** A response cache in front of a model. */
@NullMarked
package dev.precept.model.cache;

import org.jspecify.annotations.NullMarked;
