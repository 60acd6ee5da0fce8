/** What persons say about verdicts of judges, and the rows that they say it of. */
@NullMarked
package dev.precept.dataset.calibration;

import org.jspecify.annotations.NullMarked;
