/** Reads versions and followed datasets: pull, cursors, previews. */
@NullMarked
package dev.precept.dataset.read;

import org.jspecify.annotations.NullMarked;
