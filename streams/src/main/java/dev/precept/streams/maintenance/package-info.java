/** Maintenance of the ledger from outside the topology: redrive, expiry, recovery. */
@NullMarked
package dev.precept.streams.maintenance;

import org.jspecify.annotations.NullMarked;
