/** Makes versions: selects, deduplicates and orders rows, writes the shards of every view, then the manifest. */
@NullMarked
package dev.precept.dataset.release;

import org.jspecify.annotations.NullMarked;
