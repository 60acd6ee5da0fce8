package dev.precept.dataset.evidence;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecException;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The compiled specifications that a dataset stores, each read once. For one thread. */
public final class StoredSpecifications {
    private static final Logger LOG = LoggerFactory.getLogger(StoredSpecifications.class);

    private final Dataset dataset;
    private final Map<String, Optional<Specification>> read = new HashMap<>();

    public StoredSpecifications(Dataset dataset) {
        this.dataset = dataset;
    }

    /**
     * What an excerpt is composed from.
     *
     * @param sha256 of the excerpt
     * @param categories of its prompts, in order
     */
    public record ExcerptKey(String specVersion, String sha256, List<String> categories) {
        public ExcerptKey {
            categories = List.copyOf(categories);
        }
    }

    /** The excerpt with this hash; empty if another version of Precept composed it, or the bundle is missing. */
    public Optional<Excerpt> excerpt(ExcerptKey key) throws IOException {
        Optional<Specification> specification = specification(key.specVersion());
        if (specification.isEmpty()) {
            return Optional.empty();
        }
        // A prompt without a category may have been admitted with the whole specification.
        List<List<String>> choices = key.categories().isEmpty()
                ? List.of(List.of(), specification.get().categories())
                : List.of(key.categories());
        for (List<String> categories : choices) {
            if (specification.get().unknownCategories(categories).isEmpty()) {
                Excerpt excerpt = specification.get().excerpt(categories);
                if (excerpt.sha256().equals(key.sha256())) {
                    return Optional.of(excerpt);
                }
            }
        }
        LOG.atWarn()
                .addKeyValue("specification", key.specVersion())
                .addKeyValue("excerpt", key.sha256())
                .log("this program composes another excerpt than the one that the prompts were judged by");
        return Optional.empty();
    }

    /** Empty if its bundle is missing or cannot be read. */
    public Optional<Specification> specification(String version) throws IOException {
        Optional<Specification> known = read.get(version);
        if (known == null) {
            known = read(version);
            read.put(version, known);
        }
        return known;
    }

    private Optional<Specification> read(String version) throws IOException {
        Optional<byte[]> bundle = dataset.store().read(Layout.specification(version));
        try {
            if (bundle.isPresent()) {
                return Optional.of(Specification.fromBundle(new String(bundle.get(), StandardCharsets.UTF_8)));
            }
            LOG.atWarn().addKeyValue("specification", version).log("the bundle of a specification is missing");
        } catch (SpecException e) {
            LOG.atWarn()
                    .addKeyValue("specification", version)
                    .setCause(e)
                    .log("the bundle of a specification cannot be read");
        }
        return Optional.empty();
    }
}
