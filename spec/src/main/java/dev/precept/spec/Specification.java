package dev.precept.spec;

import dev.precept.content.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A whole specification, immutable: its clauses, and which of them are principles or belong to a category. Two are equal
 * when their bundles are. Thread-safe.
 *
 * @see SpecFolder#load(Path)
 */
public final class Specification {
    // Runs ask for a few dozen combinations; hostile ones must not fill the memory.
    private static final int KEPT_EXCERPTS = 128;

    private final Index index;
    private final SortedMap<String, Clause> clauses = new TreeMap<>();
    private final Map<String, List<String>> nested = new HashMap<>();
    private final Map<String, Index.Category> categories = new LinkedHashMap<>();
    private final Map<List<String>, Excerpt> excerpts = new ConcurrentHashMap<>();
    private final String bundle;
    private final String version;

    /** @throws SpecException if an id or a name is there twice, or an id of the index is not there */
    Specification(Index index, Collection<Clause> clauses) {
        this.index = index;
        for (Clause clause : clauses) {
            if (this.clauses.put(clause.id(), clause) != null) {
                throw new SpecException("clause '" + clause.id() + "' is there twice");
            }
            List<String> below = Markdown.parse(clause.text()).clauses().stream()
                    .map(locatedClause -> locatedClause.clause().id())
                    .filter(id -> !id.equals(clause.id()))
                    .toList();
            nested.put(clause.id(), below);
        }
        for (Index.Category category : index.categories()) {
            if (categories.put(category.name(), category) != null) {
                throw new SpecException("category '" + category.name() + "' is there twice");
            }
        }
        for (Index.Listing listing : index.listings()) {
            for (String id : listing.ids()) {
                if (!this.clauses.containsKey(id)) {
                    throw new SpecException("clause '" + id + "' of " + listing.owner() + " is not there");
                }
            }
        }
        bundle = Bundle.write(index, this.clauses.values());
        version = Sha256.hex(bundle);
    }

    /**
     * Restores what {@link #compile()} gave; compiling it again gives the same bytes.
     *
     * @throws SpecException if the text is not exactly such a bundle
     */
    public static Specification fromBundle(String json) {
        return Bundle.read(json);
    }

    /**
     * The bundle: canonical JSON (RFC 8785) in UTF-8, with the name, the principles, the categories in the order of the
     * index, and every clause in the order of ids. Neither the files' names, order and line ends nor text outside of clauses
     * are in it.
     */
    public byte[] compile() {
        return bundle.getBytes(StandardCharsets.UTF_8);
    }

    /** Lower-case hexadecimal SHA-256 of the bundle. */
    public String version() {
        return version;
    }

    public String name() {
        return index.name();
    }

    /** The names of all categories, in the order of the index. */
    public List<String> categories() {
        return List.copyOf(categories.keySet());
    }

    /** Those of some names that are no category here, in order; empty if {@link #excerpt} will take them. */
    public List<String> unknownCategories(List<String> names) {
        return names.stream().filter(name -> !categories.containsKey(name)).toList();
    }

    /** Every clause, in the order of ids. */
    public List<Clause> clauses() {
        return List.copyOf(clauses.values());
    }

    public Optional<Clause> clause(String id) {
        return Optional.ofNullable(clauses.get(id));
    }

    /**
     * What a model is shown for a prompt of some categories: all categories in one line each, the principles in full, then
     * the clauses of each given category, one category after the other; no clause twice.
     *
     * @param names in the order wanted; a repeated one counts once; none gives lines and principles only
     * @throws IllegalArgumentException for a name that is {@link #unknownCategories}
     */
    public Excerpt excerpt(List<String> names) {
        List<String> wanted = List.copyOf(new LinkedHashSet<>(names));
        Excerpt kept = excerpts.get(wanted);
        if (kept != null) {
            return kept;
        }
        Excerpt excerpt = new ExcerptWriter(clauses, nested).compose(index, details(wanted));
        if (excerpts.size() >= KEPT_EXCERPTS) {
            excerpts.clear();
        }
        excerpts.put(wanted, excerpt);
        return excerpt;
    }

    private List<Index.Category> details(List<String> names) {
        List<Index.Category> details = new ArrayList<>();
        for (String name : names) {
            Index.Category category = categories.get(name);
            if (category == null) {
                throw new IllegalArgumentException(
                        "no category '" + name + "'; there are " + String.join(", ", categories.keySet()));
            }
            details.add(category);
        }
        return details;
    }

    String bundle() {
        return bundle;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Specification that && version.equals(that.version);
    }

    @Override
    public int hashCode() {
        return version.hashCode();
    }

    @Override
    public String toString() {
        return index.name() + "@" + version;
    }
}
