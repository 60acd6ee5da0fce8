package dev.precept.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The content of {@code spec.yaml}: the clauses of the principles and of each category.
 *
 * @param name name of the specification
 * @param principles ids of the clauses on style and helpfulness, which are in every excerpt
 * @param categories in the order of the file
 */
record Index(String name, List<String> principles, List<Category> categories) {
    Index {
        principles = List.copyOf(principles);
        categories = List.copyOf(categories);
    }

    /** @param risk empty if the file states none */
    record Category(String name, String summary, List<String> clauses, Optional<Risk> risk) {
        Category {
            clauses = List.copyOf(clauses);
        }
    }

    /** A list of clause ids and its owner, for messages. */
    record Listing(String owner, List<String> ids) {}

    /** All lists of clause ids, starting with the principles. */
    List<Listing> listings() {
        List<Listing> listings = new ArrayList<>();
        listings.add(new Listing("the principles", principles));
        for (Category category : categories) {
            listings.add(new Listing("category '" + category.name() + "'", category.clauses()));
        }
        return listings;
    }
}
