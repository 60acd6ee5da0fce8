/** The ledger: one row per slot, one legal next state, and the books that count every transition. */
@NullMarked
package dev.precept.streams.ledger;

import org.jspecify.annotations.NullMarked;
