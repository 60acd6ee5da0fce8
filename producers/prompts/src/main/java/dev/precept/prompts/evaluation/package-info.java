/** Evaluation sets: their files, the questions in the rows, and the compiled sets that prompts are compared with. */
@NullMarked
package dev.precept.prompts.evaluation;

import org.jspecify.annotations.NullMarked;
