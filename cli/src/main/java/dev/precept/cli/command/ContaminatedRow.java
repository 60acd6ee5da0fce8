package dev.precept.cli.command;

import dev.precept.text.contamination.ContaminationMatch;

/**
 * A question of an evaluation set in a row.
 *
 * @param view of the row; empty for a row of a file
 * @param id of the sample, or of the prompt
 * @param isSample whether the row is a sample, which can be withdrawn
 * @param part of the row that holds the question: {@code prompt}, or a part of the completion
 */
record ContaminatedRow(String view, String id, boolean isSample, String part, ContaminationMatch match) {}
