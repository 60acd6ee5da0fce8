package dev.precept.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The risk of a category, as {@code spec.yaml} states it. Risks are ordered by their level, then by their category.
 *
 * @param category a tracked category of the Preparedness Framework
 */
public record Risk(Category category, Level level) implements Comparable<Risk> {
    /** The only taxonomy there is. */
    public static final String TAXONOMY = "preparedness";

    /** What the risk is about. */
    public enum Category {
        CBRN,
        PERSUASION,
        AUTONOMY,
        CYBERSECURITY;

        /** As in {@code spec.yaml}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Category> byLabel(String label) {
            return Arrays.stream(values())
                    .filter(each -> each.label().equals(label))
                    .findFirst();
        }

        static String labels() {
            return Arrays.stream(values()).map(Category::label).collect(Collectors.joining(", "));
        }
    }

    /** How high it is, from the lowest. */
    public enum Level {
        LOW,
        MEDIUM,
        HIGH,
        CRITICAL;

        /** As in {@code spec.yaml} and in a recipe. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Level> byLabel(String label) {
            return Arrays.stream(values())
                    .filter(each -> each.label().equals(label))
                    .findFirst();
        }

        static String labels() {
            return Arrays.stream(values()).map(Level::label).collect(Collectors.joining(", "));
        }
    }

    /** All risks, from the lowest. */
    public static List<Risk> all() {
        return Arrays.stream(Level.values())
                .flatMap(level -> Arrays.stream(Category.values()).map(category -> new Risk(category, level)))
                .toList();
    }

    @Override
    public int compareTo(Risk other) {
        return level == other.level ? category.compareTo(other.category) : level.compareTo(other.level);
    }

    /** Such as {@code high cbrn}. */
    @Override
    public String toString() {
        return level.label() + " " + category.label();
    }
}
