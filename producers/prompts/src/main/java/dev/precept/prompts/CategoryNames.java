package dev.precept.prompts;

import dev.precept.prompts.row.JsonText;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.records.InputFault;
import dev.precept.spec.Specification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the categories of a specification that the files mean: by the recipe's map, by the exact name, by the name but for
 * case, spaces and the characters {@code _ - / & .}, or as a list in one text. A name that is merely similar is unknown, and suggested.
 */
final class CategoryNames {
    static final String UNKNOWN = "the specification has no category";

    /** What tools write for a missing text. */
    private static final Set<String> NONE = Set.of("nan", "none", "null", "na", "n/a", "<na>", "-");

    private static final int MAX_CACHED = 1_000;
    private static final List<Pattern> SEPARATORS = List.of(Pattern.compile("[|;]"), Pattern.compile("[|;,]"));
    private static final Pattern IGNORED = Pattern.compile("[\\s_\\-/&.]+");

    private final Specification specification;
    private final Map<String, String> map;
    private final Consumer<String> notes;
    private final Map<String, Optional<String>> similar = new HashMap<>();
    /** Categories by normalised name; null where two have the same. */
    private final Map<String, @Nullable String> byNormalized = new HashMap<>();

    /** @param map categories by their names in the files; an empty value is none */
    CategoryNames(Specification specification, Map<String, String> map, Consumer<String> notes) {
        this.specification = specification;
        this.map = map;
        this.notes = notes;
        for (String category : specification.categories()) {
            String normalized = normalized(category);
            byNormalized.put(normalized, byNormalized.containsKey(normalized) ? null : category);
        }
    }

    /**
     * Returns the distinct categories in order.
     *
     * @throws UnusableRowException for the first name that the specification does not have
     */
    List<String> resolve(List<String> written) throws UnusableRowException {
        if (specification.unknownCategories(written).isEmpty() && map.isEmpty()) {
            return written;
        }
        Set<String> categories = new LinkedHashSet<>();
        for (String name : written) {
            categories.addAll(resolve(name));
        }
        return List.copyOf(categories);
    }

    private List<String> resolve(String written) throws UnusableRowException {
        Optional<List<String>> whole = find(written);
        if (whole.isPresent()) {
            return whole.get();
        }
        for (Pattern separator : SEPARATORS) {
            Optional<List<String>> parts = parts(separator.split(written));
            if (parts.isPresent()) {
                return parts.get();
            }
        }
        String unknown = written;
        for (Pattern separator : SEPARATORS) {
            unknown = firstUnknown(separator.split(written)).orElse(unknown);
        }
        throw new UnusableRowException(
                InputFault.UNKNOWN_CATEGORY,
                UNKNOWN + " '" + JsonText.shortened(unknown.strip()) + "'"
                        + similar(unknown)
                                .map(category -> "; did you mean '" + category + "'?")
                                .orElse(""));
    }

    private Optional<List<String>> parts(String[] texts) {
        List<String> categories = new ArrayList<>();
        for (String text : texts) {
            Optional<List<String>> found = text.isBlank() ? Optional.of(List.of()) : find(text.strip());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            categories.addAll(found.get());
        }
        return Optional.of(categories);
    }

    /** The first unknown part, if another part is known: the text is a list then. */
    private Optional<String> firstUnknown(String[] texts) {
        boolean list = false;
        String unknown = null;
        for (String text : texts) {
            boolean known = !text.isBlank() && find(text.strip()).isPresent();
            list |= known;
            unknown = unknown == null && !known && !text.isBlank() ? text : unknown;
        }
        return list ? Optional.ofNullable(unknown) : Optional.empty();
    }

    /** The categories of one name; empty if it is unknown. */
    private Optional<List<String>> find(String name) {
        @Nullable String mapped = map.get(name);
        if (mapped != null) {
            return Optional.of(mapped.isEmpty() ? List.of() : List.of(mapped));
        }
        if (specification.unknownCategories(List.of(name)).isEmpty()) {
            return Optional.of(List.of(name));
        }
        @Nullable String category = byNormalized.get(normalized(name));
        if (category != null) {
            if (!category.equals(name.strip())) {
                notes.accept("category '" + JsonText.shortened(name.strip()) + "' read as '" + category + "'");
            }
            return Optional.of(List.of(category));
        }
        if (NONE.contains(name.strip().toLowerCase(Locale.ROOT))) {
            notes.accept("category '" + name + "' read as none");
            return Optional.of(List.of());
        }
        return Optional.empty();
    }

    private Optional<String> similar(String name) {
        if (similar.size() > MAX_CACHED) {
            similar.clear();
        }
        return similar.computeIfAbsent(name, this::findSimilar);
    }

    /** The one category whose name differs in few letters. */
    private Optional<String> findSimilar(String name) {
        String normalized = normalized(name);
        String best = null;
        int least = 1 + normalized.length() / 4;
        for (String category : specification.categories()) {
            int distance = distance(normalized, normalized(category), least + 1);
            if (distance <= least && (best == null || distance < least)) {
                best = category;
                least = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein distance, or a larger number than {@code limit} if it is larger. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String normalized(String name) {
        return IGNORED.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
