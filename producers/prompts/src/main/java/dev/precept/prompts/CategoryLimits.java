package dev.precept.prompts;

import dev.precept.config.ConfigurationException;
import dev.precept.config.QuotaSettings;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.records.CategoryLimit;
import dev.precept.records.Prompt;
import dev.precept.spec.Specification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The quotas of a recipe as limits of prompts on one partition. */
public final class CategoryLimits {
    /** Prompts of a category are not evenly distributed over partitions, and a version leaves out some of their samples. */
    private static final double MARGIN = 1.25;

    private static final int MORE = 3;

    private CategoryLimits() {}

    /**
     * The limits of a prompt; null unless each of its categories has one: a sample of several categories may count for any.
     *
     * @param partitions of the dataset
     */
    static @Nullable List<CategoryLimit> of(Prompt prompt, QuotaSettings quotas, int partitions) {
        List<CategoryLimit> limits = new ArrayList<>();
        for (String category : prompt.getCategories()) {
            OptionalLong most = quotas.mostOf(category);
            if (most.isEmpty()) {
                return null;
            }
            limits.add(new CategoryLimit(category, most.getAsLong(), onPartition(most.getAsLong(), partitions)));
        }
        return limits.isEmpty() ? null : limits;
    }

    private static long onPartition(long most, int partitions) {
        return most == 0 ? 0 : (long) Math.ceil(MARGIN * most / partitions) + MORE;
    }

    /** @throws ConfigurationException if a quota is about a category that the specification does not have */
    public static void requireKnown(QuotaSettings quotas, Specification specification) {
        CategoryNames names = new CategoryNames(specification, Map.of(), _ -> {});
        List<String> problems = quotas.categories().stream()
                .filter(category -> !specification.categories().contains(category))
                .map(category -> "quotas: " + describe(names, category) + "; there are "
                        + String.join(", ", specification.categories()))
                .toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static String describe(CategoryNames names, String category) {
        try {
            return "the specification has no category '" + category + "'; did you mean '"
                    + String.join("', '", names.resolve(List.of(category))) + "'?";
        } catch (UnusableRowException e) {
            return e.detail();
        }
    }
}
