/** Asks a model many questions, so that a killed evaluation resumes: calls, their log, the budget. */
@NullMarked
package dev.precept.evaluation.ask;

import org.jspecify.annotations.NullMarked;
