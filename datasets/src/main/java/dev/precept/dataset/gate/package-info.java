/** What guards the moves of refs: the rule, and the evaluations of models that were trained on a version. */
@NullMarked
package dev.precept.dataset.gate;

import org.jspecify.annotations.NullMarked;
