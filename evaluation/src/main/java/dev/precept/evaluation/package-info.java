/** Evaluations of a model, before and after it is trained on a dataset: what they read and what every suite shares. */
@NullMarked
package dev.precept.evaluation;

import org.jspecify.annotations.NullMarked;
