/** A dataset in its store: identity, runs, layout of keys, committed rows, refs, audit. Needs no Kafka. */
@NullMarked
package dev.precept.dataset;

import org.jspecify.annotations.NullMarked;
