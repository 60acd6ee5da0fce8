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

    /** These settings for a version that follows another one, or is the first. The share is present in the result. */
    SplitSettings after(Optional<Manifest> before) {
        if (before.isEmpty()) {
            return new SplitSettings(Optional.of(validation()), resplit, List.of());
        }
        Manifest.ReleaseRecipe made = before.get().recipe();
        double wanted = share.orElse(made.validation());
        List<Manifest.EarlierSplits> held = new ArrayList<>();
        if (!resplit) {
            held.addAll(wanted == made.validation() ? made.earlierSplits() : splitsOf(before.get()));
        }
        return new SplitSettings(Optional.of(wanted), resplit, held);
    }

    /** Everything that decides the split of a prompt of a version. */
    static List<Manifest.EarlierSplits> splitsOf(Manifest version) {
        List<Manifest.EarlierSplits> splits = new ArrayList<>(version.recipe().earlierSplits());
        splits.add(new Manifest.EarlierSplits(
                version.version(),
                version.recipe().validation(),
                version.readmitted().orElse(0L) > 0 || version.recipe().rows().rlUnkept(),
                version.offsets()));
        return splits;
    }
}
