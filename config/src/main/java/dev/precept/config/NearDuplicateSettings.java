package dev.precept.config;

import java.util.Locale;

/**
 * The section {@code neardup} of a recipe: what is done about prompts and reasonings that are nearly equal to an earlier one.
 * The topology and releases apply the same settings.
 *
 * @param prompts compared with prompts
 * @param samples whose reasonings are compared with each other; answers never are
 * @param threshold least Jaccard similarity of near-duplicates
 * @param shards of the state that the topology compares with; a dataset's never change
 */
public record NearDuplicateSettings(Policy prompts, Policy samples, double threshold, int shards) {
    /** The settings of an empty section. */
    public static final NearDuplicateSettings DEFAULT = new NearDuplicateSettings(Policy.REJECT, Policy.REJECT, 0.8, 1);

    private static final int MOST_SHARDS = 64;

    /** Near-duplicates are not searched, they are recorded, or the later one is left out. */
    public enum Policy {
        OFF,
        REPORT,
        REJECT;

        /** As in a recipe. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reads the section; adds its problems to the recipe. */
    public static NearDuplicateSettings read(Recipe recipe) {
        Section section = recipe.section("neardup");
        return new NearDuplicateSettings(
                section.oneOf(
                        "prompts",
                        DEFAULT.prompts,
                        "prompts that are nearly equal to an earlier one: do not search them, record them, or generate"
                                + " nothing for them and leave them out of versions"),
                section.oneOf(
                        "samples",
                        DEFAULT.samples,
                        "samples whose reasoning is nearly equal to that of an earlier one; answers are never compared"),
                section.number(
                        "threshold",
                        DEFAULT.threshold,
                        0.5,
                        0.95,
                        "least Jaccard similarity of near-duplicates: shared runs of five words, or of five characters of a"
                                + " short text, divided by all"),
                section.integer(
                        "shards",
                        DEFAULT.shards,
                        1,
                        MOST_SHARDS,
                        "partitions of the state that a run compares with; 1 is exact, more may miss pairs that arrive at"
                                + " the same time; a dataset's never change"));
    }
}
