/** The ledger: one row per slot, its legal transitions, and the progress that counts each of them. */
@NullMarked
package dev.precept.streams.ledger;

import org.jspecify.annotations.NullMarked;
