/** The generator and judge workers: they turn tasks into candidates and verdicts. Retries of calls are all they decide. */
@NullMarked
package dev.precept.workers;

import org.jspecify.annotations.NullMarked;
