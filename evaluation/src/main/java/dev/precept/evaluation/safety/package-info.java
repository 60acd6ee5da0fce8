/** Refusal on disallowed prompts against compliance on benign ones. */
@NullMarked
package dev.precept.evaluation.safety;

import org.jspecify.annotations.NullMarked;
