/**
 * Screens of a completion that need the request or the specification: pieces of the request, and citations of clauses that
 * do not exist. They only find and count; the topology decides.
 */
@NullMarked
package dev.precept.judging.screen;

import org.jspecify.annotations.NullMarked;
