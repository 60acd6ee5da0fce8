package dev.precept.spec.citation;

import dev.precept.spec.Clause;
import dev.precept.spec.Specification;
import dev.precept.text.Mix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The runs of {@value #LENGTH} consecutive words of a specification, with the innermost clause of each. Examples in quotation
 * marks or code are known, but no run of them makes a quote: their words are those of an answer. Immutable.
 */
final class ClauseRuns {
    static final int LENGTH = 8;
    private static final Pattern EXAMPLE =
            Pattern.compile("```[\\s\\S]{0,20000}?```|\"[^\"\\n]{1,400}\"|“[^”\\n]{1,400}”|«[^»\\n]{1,400}»");
    private static final String OUTSIDE = " \u0001 ";

    /** Sorted. */
    private final long[] all;

    private final long[] quotable;
    /** Of the quotable runs. */
    private final int[] owners;

    private final List<Clause> clauses;
    /** Of the clauses, in their order. */
    private final List<String> texts;

    ClauseRuns(Specification specification) {
        // A clause repeats nested ones: the shorter comes first, and keeps the run.
        clauses = specification.clauses().stream()
                .sorted(Comparator.comparingInt(clause -> clause.text().length()))
                .toList();
        Map<Long, Integer> known = new HashMap<>();
        Map<Long, Integer> withExamples = new HashMap<>();
        texts = new ArrayList<>();
        for (int i = 0; i < clauses.size(); i++) {
            String text = clauses.get(i).text();
            texts.add(Passage.spaced(text));
            for (String piece : EXAMPLE.matcher(text).replaceAll(OUTSIDE).split("\u0001")) {
                add(piece, i, known);
            }
            add(text, i, withExamples);
        }
        all = withExamples.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        quotable = known.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        owners = Arrays.stream(quotable).mapToInt(known::get).toArray();
    }

    private static void add(String text, int owner, Map<Long, Integer> runs) {
        for (long hash : hashes(Passage.wordsOf(text))) {
            runs.putIfAbsent(hash, owner);
        }
    }

    boolean contains(long hash) {
        return Arrays.binarySearch(all, hash) >= 0;
    }

    /** The id of the innermost clause with a run outside of its examples. */
    Optional<String> owner(long hash) {
        int at = Arrays.binarySearch(quotable, hash);
        return at < 0 ? Optional.empty() : Optional.of(clauses.get(owners[at]).id());
    }

    /** The id of the innermost clause that holds some words. */
    Optional<String> holder(String spaced) {
        for (int i = 0; i < clauses.size(); i++) {
            if (texts.get(i).contains(spaced)) {
                return Optional.of(clauses.get(i).id());
            }
        }
        return Optional.empty();
    }

    /** The hash of each run, by the position of its first word. */
    static long[] hashes(List<String> words) {
        long[] hashes = new long[Math.max(0, words.size() - LENGTH + 1)];
        long[] hashed = words.stream().mapToLong(ClauseRuns::hash).toArray();
        long highest = 1;
        for (int i = 1; i < LENGTH; i++) {
            highest *= Mix.GOLDEN;
        }
        long rolling = 0;
        for (int at = 0; at < hashed.length; at++) {
            if (at >= LENGTH) {
                rolling -= hashed[at - LENGTH] * highest;
            }
            rolling = rolling * Mix.GOLDEN + hashed[at];
            if (at >= LENGTH - 1) {
                hashes[at - LENGTH + 1] = rolling;
            }
        }
        return hashes;
    }

    private static long hash(String word) {
        long hash = 0xCBF29CE484222325L;
        for (int at = 0; at < word.length(); at++) {
            hash = (hash ^ word.charAt(at)) * 0x100000001B3L;
        }
        return Mix.mix(hash);
    }
}
