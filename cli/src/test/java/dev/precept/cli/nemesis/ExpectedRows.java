package dev.precept.cli.nemesis;

import dev.precept.testkit.Oracle;
import dev.precept.testkit.Oracle.CommittedRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares the committed rows of a dataset with what a workload must give, from the files alone: every line of the prompt
 * file ends exactly once, with the fate and the bytes of its number.
 *
 * @param lost lines without an end
 * @param doubled lines, or attempts of a line, with more than one row
 * @param problems all differences, one line each
 */
record ExpectedRows(int samples, int lost, int doubled, List<String> problems) {
    static ExpectedRows compare(Workload workload, Path dataset) {
        Oracle oracle = new Oracle(dataset);
        List<String> problems = new ArrayList<>(oracle.problems());
        Map<Long, List<CommittedRow>> byLine = oracle.committedRows().stream()
                .collect(Collectors.groupingBy(CommittedRow::line, TreeMap::new, Collectors.toList()));
        int samples = 0;
        int lost = 0;
        int doubled = 0;
        for (int line = 1; line <= workload.lines(); line++) {
            List<CommittedRow> rows = byLine.getOrDefault((long) line, List.of());
            List<CommittedRow> ends =
                    rows.stream().filter(CommittedRow::terminal).toList();
            if (ends.isEmpty()) {
                lost++;
                problems.add("line " + line + " has no end");
            } else if (ends.size() > 1 || hasDoubledAttempt(rows)) {
                doubled++;
                problems.add("line " + line + " has several rows: " + rows);
            } else {
                problems.addAll(differences(workload, line, ends.getFirst()));
                samples += ends.getFirst().sample() ? 1 : 0;
            }
        }
        byLine.keySet().stream()
                .filter(line -> line < 1 || line > workload.lines())
                .forEach(line -> problems.add("line " + line + " was never published"));
        return new ExpectedRows(samples, lost, doubled, List.copyOf(problems));
    }

    /** How many samples the workload gives. */
    static int samples(Workload workload) {
        return (int) IntStream.rangeClosed(1, workload.lines())
                .filter(line -> workload.fate(line).reason().isEmpty())
                .count();
    }

    private static boolean hasDoubledAttempt(List<CommittedRow> rows) {
        Set<Integer> attempts = new HashSet<>();
        return rows.stream().filter(row -> !row.terminal()).anyMatch(row -> !attempts.add(row.attempt()));
    }

    private static List<String> differences(Workload workload, int line, CommittedRow end) {
        Workload.Fate fate = workload.fate(line);
        String reason = fate.reason().orElse("");
        if (!end.reason().equals(reason)) {
            return List.of("line " + line + " is " + fate + " and ended with '" + end.reason() + "'");
        }
        if (!end.sample()) {
            return List.of();
        }
        boolean same = end.answer().equals(Workload.answer(line))
                && end.reasoning().equals(Workload.reasoning(line))
                && end.question().equals(workload.question(line));
        return same ? List.of() : List.of("line " + line + " has another completion: " + end);
    }
}
