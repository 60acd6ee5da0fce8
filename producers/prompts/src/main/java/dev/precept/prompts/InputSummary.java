package dev.precept.prompts;

import java.util.List;
import java.util.Map;

/**
 * Counts and problems of the input so far.
 *
 * @param lines rows read since this process started
 * @param unusable how many of them are unusable
 * @param firstUnusable the first ten of those: file, line, fault
 * @param ignoredFields names of unknown fields by source; at most 100 per source
 */
public record InputSummary(
        long lines, long unusable, List<String> firstUnusable, Map<String, List<String>> ignoredFields) {}
