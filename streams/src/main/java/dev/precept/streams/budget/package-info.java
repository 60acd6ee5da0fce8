/**
 * Divides the budget of a run among its workers: one process holds the leases of a run, all others only read theirs.
 */
@NullMarked
package dev.precept.streams.budget;

import org.jspecify.annotations.NullMarked;
