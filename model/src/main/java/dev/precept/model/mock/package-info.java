/** The mock model: a deterministic server with the HTTP API of a model server. */
@NullMarked
package dev.precept.model.mock;

import org.jspecify.annotations.NullMarked;
