package dev.precept.dataset.release;

import dev.precept.dataset.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which share of the prompts a version holds out, and which splits it takes over.
 *
 * @param share of the prompts in the validation split; empty for that of the version before, or 0
 * @param resplit whether the share also places prompts of earlier versions, which else keep their split
 * @param earlier what earlier versions with another share decided; the earliest first
 */
public record SplitSettings(Optional<Double> share, boolean resplit, List<Manifest.EarlierSplits> earlier) {
    /** The share of the version before. */
    public static final SplitSettings INHERITED = new SplitSettings(Optional.empty(), false, List.of());

    public SplitSettings {
        earlier = List.copyOf(earlier);
    }

    /** A share for the prompts that no earlier version has. */
    public static SplitSettings ofShare(double share) {
        return new SplitSettings(Optional.of(share), false, List.of());
    }

    static SplitSettings ofPlan(Manifest.ReleaseRecipe recipe) {
        return new SplitSettings(Optional.of(recipe.validation()), false, recipe.earlierSplits());
    }

    /** These settings, also for prompts of earlier versions. */
    public SplitSettings withResplit() {
        return new SplitSettings(share, true, earlier);
    }

    double validation() {
        return share.orElse(0.0);
    }

    /**
     * These settings for a version that follows another one, or is the first. The share is present in the result.
     *
     * @param isClustered whether the version places similar prompts in one split
     */
    SplitSettings after(Optional<Manifest> before, boolean isClustered) {
        if (before.isEmpty()) {
            return new SplitSettings(Optional.of(validation()), resplit, List.of());
        }
        Manifest.ReleaseRecipe made = before.get().recipe();
        double wanted = share.orElse(made.validation());
        List<Manifest.EarlierSplits> held = new ArrayList<>();
        if (!resplit) {
            boolean isRuleEnough = wanted == made.validation() && !(isClustered && wanted > 0) && !isClustered(made);
            held.addAll(isRuleEnough ? made.earlierSplits() : splitsOf(before.get()));
        }
        return new SplitSettings(Optional.of(wanted), resplit, held);
    }

    /** Whether a version may have prompts of rejected attempts. */
    static boolean mayHaveAttempts(Manifest.ReleaseRecipe recipe) {
        return recipe.threshold().isPresent() || recipe.rows().rlUnkept();
    }

    /** How a version places the prompts that no earlier one has. */
    static Manifest.EarlierSplits last(
            String version, Manifest.ReleaseRecipe recipe, boolean attempts, List<Manifest.ChainOffset> offsets) {
        return new Manifest.EarlierSplits(version, recipe.validation(), attempts, recipe.similarPrompts(), offsets);
    }

    /** Whether similar prompts share a split, in a version or in one that it follows. */
    static boolean isClustered(Manifest.ReleaseRecipe recipe) {
        return recipe.similarPrompts().isPresent()
                || recipe.earlierSplits().stream()
                        .anyMatch(version -> version.similar().isPresent());
    }

    /** Everything that decides the split of a prompt of a version. */
    static List<Manifest.EarlierSplits> splitsOf(Manifest version) {
        List<Manifest.EarlierSplits> splits = new ArrayList<>(version.recipe().earlierSplits());
        boolean hasAttempts = version.recipe().similarPrompts().isPresent()
                ? mayHaveAttempts(version.recipe())
                : version.readmitted().orElse(0L) > 0 || version.recipe().rows().rlUnkept();
        Manifest.EarlierSplits last = last(version.version(), version.recipe(), hasAttempts, version.offsets());
        // The prompts of an entry with the same rule are placed in the same way as part of the next one.
        if (!splits.isEmpty() && splits.getLast().hasRuleOf(last)) {
            splits.removeLast();
        }
        splits.add(last);
        return splits;
    }
}
