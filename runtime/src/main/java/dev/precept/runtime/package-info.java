/**
 * How a process starts, stops and fails: deployment settings, work folder, run file, group membership, exit codes. Knows
 * runs and topics, but no prompt, model or row.
 */
@NullMarked
package dev.precept.runtime;

import org.jspecify.annotations.NullMarked;
