/** A stand-in for a model server: the same HTTP API, deterministic, without weights. */
@NullMarked
package dev.precept.model.mock;

import org.jspecify.annotations.NullMarked;
