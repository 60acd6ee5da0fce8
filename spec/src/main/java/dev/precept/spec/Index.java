package dev.precept.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code spec.yaml} says: which clauses are whose.
 *
 * @param name what the specification is called
 * @param principles ids of the clauses on style and helpfulness, which are in every excerpt
 * @param categories in the order of the file
 */
record Index(String name, List<String> principles, List<Category> categories) {
    Index {
        principles = List.copyOf(principles);
        categories = List.copyOf(categories);
    }

    record Category(String name, String summary, List<String> clauses) {
        Category {
            clauses = List.copyOf(clauses);
        }
    }

    /** The ids of a list, and who asks for them. */
    record Listing(String owner, List<String> ids) {}

    /** All lists of ids, the principles first. */
    List<Listing> listings() {
        List<Listing> listings = new ArrayList<>();
        listings.add(new Listing("the principles", principles));
        for (Category category : categories) {
            listings.add(new Listing("category '" + category.name() + "'", category.clauses()));
        }
        return listings;
    }
}
