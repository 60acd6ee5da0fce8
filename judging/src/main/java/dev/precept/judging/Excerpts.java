package dev.precept.judging;

import dev.precept.model.PreEncodedText;
import dev.precept.records.Prompt;
import dev.precept.spec.Excerpt;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The excerpts prompts were admitted under, each made once and shared by all requests that show it. Thread-safe. */
public final class Excerpts {
    /** More combinations of categories than a run has; beyond them excerpts are made anew. */
    private static final int MOST = 4_096;

    private final SpecificationSource specifications;
    private final Map<Key, EncodedExcerpt> shown = new ConcurrentHashMap<>();

    private record Key(String version, List<String> categories) {}

    /** An excerpt, and its text as requests hold it. */
    public record EncodedExcerpt(Excerpt excerpt, PreEncodedText text) {
        private EncodedExcerpt(Excerpt excerpt) {
            this(excerpt, new PreEncodedText(excerpt.text()));
        }
    }

    public Excerpts(SpecificationSource specifications) {
        this.specifications = specifications;
    }

    /** The excerpt of a prompt, and no other; waits for a specification that is not there yet. */
    public EncodedExcerpt resolve(Prompt prompt) throws InterruptedException {
        EncodedExcerpt known = resolve(prompt.getSpecVersion(), prompt.getCategories());
        if (!known.excerpt().sha256().equals(prompt.getSpecExcerptSha256())) {
            throw new IllegalStateException("the excerpt of specification " + prompt.getSpecVersion() + " has hash "
                    + known.excerpt().sha256() + ", the task names " + prompt.getSpecExcerptSha256());
        }
        return known;
    }

    /**
     * The excerpt of some categories; waits for a specification that is not there yet.
     *
     * @throws IllegalArgumentException for a category that the specification does not have
     */
    public EncodedExcerpt resolve(String version, List<String> categories) throws InterruptedException {
        Key key = new Key(version, List.copyOf(categories));
        EncodedExcerpt known = shown.get(key);
        if (known == null) {
            known = new EncodedExcerpt(specifications.awaitVersion(version).excerpt(key.categories()));
            if (shown.size() < MOST) {
                shown.put(key, known);
            }
        }
        return known;
    }
}
