package dev.precept.spec;

import dev.precept.content.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A specification: its clauses, and which of them are principles or belong to a category. Immutable and thread-safe; equal if
 * the bundles are equal.
 *
 * @see SpecFolder#load(Path)
 */
public final class Specification {
    // A run uses a few dozen combinations; hostile input must not fill the heap.
    private static final int MAX_CACHED_EXCERPTS = 128;

    private final Index index;
    private final SortedMap<String, Clause> clauses = new TreeMap<>();
    private final Map<String, List<String>> nested = new HashMap<>();
    private final Map<String, Index.Category> categories = new LinkedHashMap<>();
    private final Map<Set<String>, Excerpt> excerpts = new ConcurrentHashMap<>();
    private final String bundle;
    private final String version;

    /** @throws SpecException if an id or a name is duplicate, or the index names an unknown id */
    Specification(Index index, Collection<Clause> clauses) {
        this.index = index;
        for (Clause clause : clauses) {
            if (this.clauses.put(clause.id(), clause) != null) {
                throw new SpecException("clause '" + clause.id() + "' occurs twice");
            }
            List<String> ids = Markdown.parse(clause.text()).clauses().stream()
                    .map(locatedClause -> locatedClause.clause().id())
                    .filter(id -> !id.equals(clause.id()))
                    .toList();
            nested.put(clause.id(), ids);
        }
        for (Index.Category category : index.categories()) {
            if (categories.put(category.name(), category) != null) {
                throw new SpecException("category '" + category.name() + "' occurs twice");
            }
        }
        for (Index.Listing listing : index.listings()) {
            for (String id : listing.ids()) {
                if (!this.clauses.containsKey(id)) {
                    throw new SpecException("clause '" + id + "' of " + listing.owner() + " does not exist");
                }
            }
        }
        bundle = Bundle.write(index, this.clauses.values());
        version = Sha256.hex(bundle);
    }

    /**
     * Restores a specification from the output of {@link #compile()}; compiling it again returns the same bytes.
     *
     * @throws SpecException if the text is not a bundle
     */
    public static Specification fromBundle(String json) {
        return Bundle.read(json);
    }

    /**
     * The bundle: canonical JSON (RFC 8785) in UTF-8 with the name, the principles, the categories in the order of the index,
     * and the clauses in the order of their ids. It does not depend on names, order and line ends of the files, nor on text
     * outside clauses.
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

    /** Ids of the principles, with those of nested clauses. */
    public List<String> principles() {
        return withNested(index.principles());
    }

    /** Ids of the clauses of a category, with those of nested clauses; none for a name that is no category. */
    public List<String> clausesOf(String category) {
        Index.Category named = categories.get(category);
        return named == null ? List.of() : withNested(named.clauses());
    }

    private List<String> withNested(List<String> ids) {
        return ids.stream()
                .flatMap(id -> Stream.concat(Stream.of(id), nested.getOrDefault(id, List.of()).stream()))
                .distinct()
                .toList();
    }

    /** The risks of the categories that state one, by category. */
    public SortedMap<String, Risk> risks() {
        SortedMap<String, Risk> risks = new TreeMap<>();
        categories.values().forEach(category -> category.risk().ifPresent(risk -> risks.put(category.name(), risk)));
        return risks;
    }

    /**
     * As {@link #risks()} of the specification of a bundle, which is not checked otherwise.
     *
     * @throws SpecException if the text is not a bundle
     */
    public static Map<String, Risk> risksOfBundle(String json) {
        return Bundle.risks(json);
    }

    /** Returns the names that are not categories, in order; {@link #excerpt} accepts names for which this is empty. */
    public List<String> unknownCategories(List<String> names) {
        return names.stream().filter(name -> !categories.containsKey(name)).toList();
    }

    /** All clauses, in the order of their ids. */
    public List<Clause> clauses() {
        return List.copyOf(clauses.values());
    }

    public Optional<Clause> clause(String id) {
        return Optional.ofNullable(clauses.get(id));
    }

    /**
     * Returns the excerpt for a prompt of some categories: one line for each category, the principles in full, then the
     * clauses of each named category; no clause twice.
     *
     * @param names in any order, because the excerpt has the order of the index, so that prompts of the same categories share
     *     one; duplicates are ignored; without names the excerpt has lines and principles
     * @throws IllegalArgumentException for an unknown category
     */
    public Excerpt excerpt(List<String> names) {
        Set<String> distinct = Set.copyOf(names);
        Excerpt cached = excerpts.get(distinct);
        if (cached != null) {
            return cached;
        }
        Excerpt excerpt = new ExcerptWriter(clauses, nested).compose(index, details(distinct));
        if (excerpts.size() >= MAX_CACHED_EXCERPTS) {
            excerpts.clear();
        }
        excerpts.put(distinct, excerpt);
        return excerpt;
    }

    /** The named categories, in the order of the index. */
    private List<Index.Category> details(Set<String> names) {
        for (String name : names) {
            if (!categories.containsKey(name)) {
                throw new IllegalArgumentException(
                        "no category '" + name + "'; the categories are " + String.join(", ", categories.keySet()));
            }
        }
        return index.categories().stream()
                .filter(category -> names.contains(category.name()))
                .toList();
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
