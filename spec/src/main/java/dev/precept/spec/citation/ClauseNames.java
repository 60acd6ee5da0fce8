package dev.precept.spec.citation;

import dev.precept.spec.Clause;
import dev.precept.spec.Specification;
import dev.precept.text.SearchedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of the clauses of a specification: headings without numbers, and the parts of headings such as "Privacy /
 * Personal Data". Names of categories are known, so that they are not taken for clauses that do not exist. Immutable.
 */
final class ClauseNames {
    private static final Pattern PART = Pattern.compile("\\s*/\\s*");
    private static final int SHORTEST_PART = 3;

    /**
     * A name.
     *
     * @param words in lower case
     * @param clauses ids of those that have it; empty for the name of a category
     * @param whole whether it is a whole heading, and no part of one
     * @param capitals whether each word begins with a capital as in the heading
     */
    record Name(List<String> words, List<String> clauses, boolean whole, List<Boolean> capitals) {}

    /** A name at a place, by its first and after its last word. */
    record Found(Name name, int from, int to) {}

    private final Map<String, List<Name>> byFirstWord = new HashMap<>();

    ClauseNames(Specification specification, ClauseNumbers numbers) {
        Map<List<String>, Set<String>> wholes = new HashMap<>();
        Map<List<String>, Set<String>> parts = new HashMap<>();
        Map<List<String>, List<Boolean>> capitals = new HashMap<>();
        for (Clause clause : specification.clauses()) {
            add(numbers.withoutNumber(clause.heading()), clause.id(), wholes, parts, capitals);
        }
        for (String category : specification.categories()) {
            add(category, "", wholes, parts, capitals);
        }
        wholes.forEach(
                (words, ids) -> put(new Name(words, clauses(ids), true, capitals.getOrDefault(words, List.of()))));
        parts.forEach((words, ids) -> {
            if (!wholes.containsKey(words)) {
                put(new Name(words, clauses(ids), false, capitals.getOrDefault(words, List.of())));
            }
        });
        byFirstWord
                .values()
                .forEach(names ->
                        names.sort((a, b) -> b.words().size() - a.words().size()));
    }

    private static void add(
            String heading,
            String id,
            Map<List<String>, Set<String>> wholes,
            Map<List<String>, Set<String>> parts,
            Map<List<String>, List<Boolean>> capitals) {
        String[] pieces = PART.split(heading.strip());
        put(heading, id, wholes, capitals);
        if (pieces.length > 1) {
            for (String piece : pieces) {
                if (piece.length() >= SHORTEST_PART) {
                    put(piece, id, parts, capitals);
                }
            }
        }
    }

    private static void put(
            String name, String id, Map<List<String>, Set<String>> names, Map<List<String>, List<Boolean>> capitals) {
        Passage passage = Passage.read(SearchedText.of(name));
        List<String> words = passage.words().stream().map(Passage.Word::text).toList();
        if (words.isEmpty()) {
            return;
        }
        names.computeIfAbsent(words, _ -> new LinkedHashSet<>()).add(id);
        List<Boolean> upper = new ArrayList<>();
        for (int word = 0; word < words.size(); word++) {
            upper.add(passage.isCapital(word));
        }
        capitals.putIfAbsent(words, upper);
    }

    private static List<String> clauses(Set<String> ids) {
        return ids.stream().filter(id -> !id.isEmpty()).toList();
    }

    private void put(Name name) {
        byFirstWord
                .computeIfAbsent(name.words().getFirst(), _ -> new ArrayList<>())
                .add(name);
    }

    /** The longest name that begins with a word. */
    Optional<Found> at(Passage passage, int word) {
        List<Name> names = byFirstWord.get(passage.words().get(word).text());
        if (names == null) {
            return Optional.empty();
        }
        return names.stream()
                .filter(name -> matches(passage, word, name))
                .findFirst()
                .map(name -> new Found(name, word, word + name.words().size()));
    }

    private static boolean matches(Passage passage, int from, Name name) {
        List<String> words = name.words();
        if (from + words.size() > passage.words().size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            if (!passage.words().get(from + i).text().equals(words.get(i))
                    || (i > 0 && !passage.isJoined(from + i - 1, "/-,:&'’"))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the words have the capitals of the heading, of which there is at least one. */
    static boolean hasCapitals(Passage passage, Found found) {
        boolean any = false;
        for (int i = found.from(); i < found.to(); i++) {
            boolean wanted = found.name().capitals().get(i - found.from());
            if (wanted && !passage.isCapital(i)) {
                return false;
            }
            any |= wanted;
        }
        return any;
    }
}
