/** What persons say about verdicts of judges. */
@NullMarked
package dev.precept.console.calibration;

import org.jspecify.annotations.NullMarked;
