/**
 * What a reasoning cites of its specification: ids, headings, numbers and quotes, and what of that does not exist. Pure
 * functions over text.
 */
@NullMarked
package dev.precept.spec.citation;

import org.jspecify.annotations.NullMarked;
