package dev.precept.judging.screen;

import dev.precept.spec.ClauseMentions;
import dev.precept.spec.Excerpt;
import dev.precept.spec.Specification;
import dev.precept.spec.citation.CitationReader;
import dev.precept.text.FoldedText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the screens compare with: ids of specifications and runs of words of excerpts, each prepared once. Thread-safe.
 */
final class SpecificationReference {
    /**
     * Words of a run in an answer. Answers that were written without a specification share up to 19 consecutive words with
     * one, in set phrases of comfort and refusal.
     */
    static final int ANSWER_RUN = 24;
    /**
     * Words of a run in a reasoning. Reasoning may quote a sentence or a short clause; 99 % of the sentences of a large
     * published specification have at most 51.
     */
    static final int REASONING_RUN = 64;

    private static final int MAX_SPECIFICATIONS = 8;
    private static final int MAX_EXCERPTS = 64;

    private final Map<String, ClauseMentions> mentions = lru(MAX_SPECIFICATIONS);
    private final Map<String, CitationReader> citations = lru(MAX_SPECIFICATIONS);
    private final Map<String, WordRuns> excerpts = lru(MAX_EXCERPTS);

    ClauseMentions mentions(Specification specification) {
        return cached(mentions, specification.version(), version -> new ClauseMentions(specification));
    }

    CitationReader citations(Specification specification) {
        return cached(citations, specification.version(), version -> new CitationReader(specification));
    }

    /** Runs of {@link #ANSWER_RUN} words. */
    WordRuns runs(Excerpt excerpt) {
        return cached(
                excerpts,
                excerpt.sha256(),
                sha256 -> new WordRuns(List.of(FoldedText.words(excerpt.text())), ANSWER_RUN));
    }

    private static <V> Map<String, V> lru(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    private synchronized <V> V cached(Map<String, V> cache, String key, Function<String, V> make) {
        V known = cache.get(key);
        if (known == null) {
            known = make.apply(key);
            cache.put(key, known);
        }
        return known;
    }
}
