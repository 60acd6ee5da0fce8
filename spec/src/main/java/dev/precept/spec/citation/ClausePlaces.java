package dev.precept.spec.citation;

import dev.precept.spec.Specification;
import dev.precept.spec.citation.CitationReport.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where clauses belong, seen from a prompt of some categories. */
final class ClausePlaces {
    private final Set<String> ofCategories = new HashSet<>();
    private final Set<String> principles;

    ClausePlaces(Specification specification, List<String> categories) {
        List<String> meant = categories.isEmpty() ? specification.categories() : categories;
        meant.forEach(category -> ofCategories.addAll(specification.clausesOf(category)));
        principles = Set.copyOf(specification.principles());
    }

    Place of(String clause) {
        if (ofCategories.contains(clause)) {
            return Place.CATEGORY;
        }
        return principles.contains(clause) ? Place.PRINCIPLE : Place.OTHER;
    }
}
