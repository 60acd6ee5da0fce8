/** Temporary files with a limit on their size, and data on disk that is larger than memory. */
@NullMarked
package dev.precept.dataset.spool;

import org.jspecify.annotations.NullMarked;
