package dev.precept.judging;

import dev.precept.records.Prompt;
import dev.precept.spec.Citations;
import dev.precept.spec.Excerpt;
import dev.precept.spec.Specification;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Specification excerpts, each built and encoded once and shared by all requests that contain it. Thread-safe. */
public final class Excerpts {
    /** Of the cached texts, in memory: an excerpt is kept as text and as bytes. */
    private static final long MAX_CACHED_BYTES =
            Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    /** Text and bytes of the excerpt, and again within the constant text of a template. */
    private static final long COPIES = 4;

    private final SpecificationSource specifications;
    private final long maxCachedBytes;
    /** In order of last use. */
    private final Map<Key, EncodedExcerpt> cache = new LinkedHashMap<>(16, 0.75f, true);

    private long cachedBytes;

    /** The categories are sorted: their order does not change an excerpt. */
    private record Key(String version, List<String> categories) {}

    /** An excerpt, and its text encoded for requests. */
    public static final class EncodedExcerpt {
        private final Excerpt excerpt;
        private final ExcerptText text;
        private final Citations citations;

        private EncodedExcerpt(Excerpt excerpt) {
            this.excerpt = excerpt;
            this.text = new ExcerptText(excerpt.text());
            this.citations = Citations.of(excerpt);
        }

        public Excerpt excerpt() {
            return excerpt;
        }

        ExcerptText text() {
            return text;
        }

        /** Of the clauses of the excerpt. */
        public Citations citations() {
            return citations;
        }

        private long bytes() {
            return COPIES * text.length();
        }
    }

    /** This version composes another excerpt than the version that admitted the prompt. */
    public static final class MismatchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MismatchException(Prompt prompt, Excerpt excerpt) {
            super("the excerpt of specification " + prompt.getSpecVersion() + " for "
                    + String.join(", ", prompt.getCategories()) + " has hash " + excerpt.sha256() + ", the task names "
                    + prompt.getSpecExcerptSha256() + "; finish the run with the version that started it");
        }
    }

    public Excerpts(SpecificationSource specifications) {
        this(specifications, MAX_CACHED_BYTES);
    }

    Excerpts(SpecificationSource specifications, long maxCachedBytes) {
        this.specifications = specifications;
        this.maxCachedBytes = maxCachedBytes;
    }

    /**
     * The excerpt that a prompt was admitted with. Blocks until its specification is available.
     *
     * @throws MismatchException if the excerpt has another hash than the prompt names
     */
    public EncodedExcerpt resolve(Prompt prompt) throws InterruptedException {
        EncodedExcerpt excerpt = resolve(prompt.getSpecVersion(), prompt.getCategories());
        if (prompt.getCategories().isEmpty() && !excerpt.excerpt().sha256().equals(prompt.getSpecExcerptSha256())) {
            // A prompt without a category may have been admitted with the whole specification.
            String version = prompt.getSpecVersion();
            excerpt = resolve(version, specifications.awaitVersion(version).categories());
        }
        if (!excerpt.excerpt().sha256().equals(prompt.getSpecExcerptSha256())) {
            throw new MismatchException(prompt, excerpt.excerpt());
        }
        return excerpt;
    }

    /**
     * The excerpt of some categories, in any order. Blocks until the specification is available.
     *
     * @throws IllegalArgumentException for a category that the specification does not have
     */
    public EncodedExcerpt resolve(String version, List<String> categories) throws InterruptedException {
        Key key = new Key(version, categories.stream().sorted().toList());
        EncodedExcerpt known = cached(key);
        if (known != null) {
            return known;
        }
        EncodedExcerpt excerpt =
                new EncodedExcerpt(specifications.awaitVersion(version).excerpt(key.categories()));
        store(key, excerpt);
        return excerpt;
    }

    /** The specification of a version. Blocks until it is available. */
    public Specification specification(String version) throws InterruptedException {
        return specifications.awaitVersion(version);
    }

    private synchronized @Nullable EncodedExcerpt cached(Key key) {
        return cache.get(key);
    }

    private synchronized void store(Key key, EncodedExcerpt excerpt) {
        if (cache.put(key, excerpt) == null) {
            cachedBytes += excerpt.bytes();
        }
        Iterator<EncodedExcerpt> eldest = cache.values().iterator();
        while (cachedBytes > maxCachedBytes && cache.size() > 1) {
            cachedBytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    synchronized int cachedExcerpts() {
        return cache.size();
    }
}
