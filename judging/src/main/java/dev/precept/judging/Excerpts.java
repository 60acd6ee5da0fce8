package dev.precept.judging;

import dev.precept.model.PreEncodedText;
import dev.precept.records.Prompt;
import dev.precept.spec.Excerpt;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Specification excerpts, each built and encoded once and shared by all requests that contain it. Thread-safe. */
public final class Excerpts {
    /** More than the category combinations of a run; further excerpts are not cached. */
    private static final int MAX_CACHED = 4_096;

    private final SpecificationSource specifications;
    private final Map<Key, EncodedExcerpt> cache = new ConcurrentHashMap<>();

    private record Key(String version, List<String> categories) {}

    /** An excerpt, and its text encoded for requests. */
    public record EncodedExcerpt(Excerpt excerpt, PreEncodedText text) {
        private EncodedExcerpt(Excerpt excerpt) {
            this(excerpt, new PreEncodedText(excerpt.text()));
        }
    }

    public Excerpts(SpecificationSource specifications) {
        this.specifications = specifications;
    }

    /**
     * The excerpt that a prompt was admitted with. Blocks until its specification is available.
     *
     * @throws IllegalStateException if the excerpt has another hash than the prompt names
     */
    public EncodedExcerpt resolve(Prompt prompt) throws InterruptedException {
        EncodedExcerpt excerpt = resolve(prompt.getSpecVersion(), prompt.getCategories());
        if (!excerpt.excerpt().sha256().equals(prompt.getSpecExcerptSha256())) {
            throw new IllegalStateException("the excerpt of specification " + prompt.getSpecVersion() + " has hash "
                    + excerpt.excerpt().sha256() + ", the task names " + prompt.getSpecExcerptSha256());
        }
        return excerpt;
    }

    /**
     * The excerpt of some categories. Blocks until the specification is available.
     *
     * @throws IllegalArgumentException for a category that the specification does not have
     */
    public EncodedExcerpt resolve(String version, List<String> categories) throws InterruptedException {
        Key key = new Key(version, List.copyOf(categories));
        EncodedExcerpt excerpt = cache.get(key);
        if (excerpt == null) {
            excerpt = new EncodedExcerpt(specifications.awaitVersion(version).excerpt(key.categories()));
            if (cache.size() < MAX_CACHED) {
                cache.put(key, excerpt);
            }
        }
        return excerpt;
    }
}
