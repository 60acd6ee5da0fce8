package dev.precept.prompts;

import java.util.List;
import java.util.Map;

/**
 * What was noticed about the input so far.
 *
 * @param lines read in this life of the process
 * @param unusable how many of them cannot be asked
 * @param firstUnusable the first ten of those: file, line, what is wrong
 * @param ignoredFields names of fields nobody knows, by source; at most a hundred of each
 */
public record InputSummary(
        long lines, long unusable, List<String> firstUnusable, Map<String, List<String>> ignoredFields) {}
