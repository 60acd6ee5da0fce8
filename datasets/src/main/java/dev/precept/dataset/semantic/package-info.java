/** Prompts that are alike in meaning: vectors of an embedding model, and a search that is not quadratic. */
@NullMarked
package dev.precept.dataset.semantic;

import org.jspecify.annotations.NullMarked;
