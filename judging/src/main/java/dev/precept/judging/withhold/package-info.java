/** Holds back the results of attempts that fail alike, until it is known whether the prompts or the settings are the cause. */
@NullMarked
package dev.precept.judging.withhold;

import org.jspecify.annotations.NullMarked;
