/**
 * Content addressing: canonical JSON and SHA-256, the basis of all ids and store keys. Bounded text.
 */
@NullMarked
package dev.precept.content;

import org.jspecify.annotations.NullMarked;
