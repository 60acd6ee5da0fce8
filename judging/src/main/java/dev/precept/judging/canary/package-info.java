/** Canaries: candidates of known quality that measure the judge. */
@NullMarked
package dev.precept.judging.canary;

import org.jspecify.annotations.NullMarked;
