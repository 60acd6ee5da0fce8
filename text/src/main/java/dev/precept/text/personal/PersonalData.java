package dev.precept.text.personal;

import dev.precept.text.FoldedText;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The personal data of a text. The values can be counted and compared, and cannot be read: they must reach no record and no
 * log. Immutable.
 */
public final class PersonalData {
    private final Set<Value> values;

    /** @param value in a form in which equal data are equal */
    record Value(PersonalKind kind, String value) {
        @Override
        public String toString() {
            return kind.label();
        }
    }

    PersonalData(Set<Value> values) {
        this.values = values;
    }

    /** Searches a text as a reader sees it ({@link FoldedText#visible}), in time proportional to its length. */
    public static PersonalData in(String text) {
        String visible = FoldedText.visible(text);
        Set<Value> values = new LinkedHashSet<>();
        Secrets.find(visible, values);
        Emails.find(visible, values);
        CardNumbers.find(visible, values);
        PhoneNumbers.find(visible, values);
        return new PersonalData(values);
    }

    /** What this text has and the other one does not: of what a user wrote, a repetition is the user's. */
    public PersonalData without(PersonalData other) {
        Set<Value> rest = new LinkedHashSet<>(values);
        rest.removeIf(((Predicate<Value>) other.values::contains));
        return new PersonalData(rest);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The number of different values of each kind that occurs. */
    public Map<PersonalKind, Integer> counts() {
        Map<PersonalKind, Integer> counts = new EnumMap<>(PersonalKind.class);
        values.forEach(value -> counts.merge(value.kind(), 1, Integer::sum));
        return counts;
    }

    /** The counts alone. */
    @Override
    public String toString() {
        return counts().toString();
    }
}
