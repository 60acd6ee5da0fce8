/** Near-duplicates: signatures of texts, the requests that carry them, and the state of a shard that answers. */
@NullMarked
package dev.precept.streams.neardup;

import org.jspecify.annotations.NullMarked;
