package dev.precept.spec.citation;

import dev.precept.spec.Clause;
import dev.precept.spec.Specification;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The numbers of the headings of a specification, such as "5.1 Refusal" or "Section 5: Crime". Immutable. */
final class ClauseNumbers {
    private static final Pattern NUMBERED =
            Pattern.compile("(?i)^(?:(?:section|part|chapter|rule|policy|clause|principle|article|§)\\s{0,3})?"
                    + "(\\d{1,3}(?:\\.\\d{1,3}){0,4})(?:[.):]|\\s[-–—]|(?=\\s(?-i:\\p{Lu}|\\d)))\\s{0,3}(?=\\S)");
    /** One number may be part of a heading. */
    private static final int FEWEST = 2;

    private final Map<String, String> clauses = new HashMap<>();
    private final Map<String, String> numbers = new HashMap<>();

    ClauseNumbers(Specification specification) {
        for (Clause clause : specification.clauses()) {
            Matcher number = NUMBERED.matcher(clause.heading());
            if (number.find()) {
                clauses.putIfAbsent(number.group(1), clause.id());
                numbers.put(clause.id(), number.group(1));
            }
        }
        if (clauses.size() < FEWEST) {
            clauses.clear();
            numbers.clear();
        }
    }

    boolean isEmpty() {
        return clauses.isEmpty();
    }

    String withoutNumber(String heading) {
        return isEmpty() ? heading : NUMBERED.matcher(heading).replaceFirst("");
    }

    Optional<String> clause(String number) {
        return Optional.ofNullable(clauses.get(number));
    }

    /** The number of a clause; null if its heading has none. */
    @Nullable
    String number(String clause) {
        return numbers.get(clause);
    }

    /** The clause that a number names within another clause. */
    Optional<String> within(@Nullable String clause, String number) {
        String outer = clause == null ? null : numbers.get(clause);
        if (outer == null) {
            return Optional.empty();
        }
        // "Rule 1" after rule 5.2 is rule 5.1.
        int dot = outer.indexOf('.');
        String top = dot < 0 ? outer : outer.substring(0, dot);
        return clause(outer + "." + number).or(() -> clause(top + "." + number));
    }
}
