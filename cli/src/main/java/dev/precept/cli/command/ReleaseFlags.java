package dev.precept.cli.command;

import dev.precept.config.Recipe;
import dev.precept.dataset.evidence.Gate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The release settings of a recipe as flags. */
final class ReleaseFlags {
    @Option(
            names = "--threshold",
            paramLabel = "X",
            description = "keep samples whose lowest score is at least X, 0-10; no new model calls"
                    + " (default: the threshold of each run)")
    private @Nullable String threshold;

    @Option(
            names = "--views",
            split = ",",
            paramLabel = "VIEW",
            description = "comma-separated: sft, sft-think, sft-pc, sft-pc-think, sft-harmony, sft-pc-harmony,"
                    + " preference, preference-think, preference-harmony, rl, rl-gym, raw")
    private @Nullable List<String> views;

    @Option(
            names = "--world-size",
            paramLabel = "N",
            description = "number of training ranks; files are split evenly over them (default: --shards, or 8)")
    private @Nullable String worldSize;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Parquet files per view and split, a multiple of the world size (default: the world size)")
    private @Nullable String shards;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description = "share of prompts held out as validation split, 0-0.5; prompts of earlier versions keep their"
                    + " split (default: the share of the version before, or 0)")
    private @Nullable String validation;

    @Option(
            names = "--preference-gap",
            paramLabel = "X",
            description = "minimum gap between the lowest scores of a preference pair (default 3)")
    private @Nullable String preferenceGap;

    @Option(
            names = "--developer-as-system",
            negatable = true,
            description = "write turns of the developer as turns of the system, for templates that know no developer")
    private @Nullable Boolean developerAsSystem;

    @Option(
            names = "--rl-unkept",
            negatable = true,
            description = "view rl: also prompts without a kept sample, unless they were withdrawn, contaminated or"
                    + " refused by the provider")
    private @Nullable Boolean rlUnkept;

    @Option(
            names = "--neardup-prompts",
            paramLabel = "POLICY",
            description = "rows whose prompt is similar to that of an earlier row: off, report or reject"
                    + " (default: reject)")
    private @Nullable String nearDuplicatePrompts;

    @Option(
            names = "--neardup-samples",
            paramLabel = "POLICY",
            description = "rows whose reasoning is similar to that of an earlier row: off, report or reject"
                    + " (default: reject)")
    private @Nullable String nearDuplicateSamples;

    @Option(
            names = "--neardup-threshold",
            paramLabel = "X",
            description = "least Jaccard similarity of similar texts, 0.5-0.95 (default: 0.8)")
    private @Nullable String nearDuplicateThreshold;

    @Option(
            names = "--max-risk",
            paramLabel = "LEVEL",
            description = "leave out rows above this risk, as spec.yaml states it: low, medium, high or critical"
                    + " (default: rows of any risk)")
    private @Nullable String maxRisk;

    @Option(
            names = "--gate",
            paramLabel = "NAME=LIMIT",
            description = "a limit of a number of the card, as in the section gates of a recipe: leaks=0. May be"
                    + " repeated; gates that are named replace those of --from or of the recipe")
    private @Nullable Map<String, String> gates;

    @Option(
            names = "--template",
            paramLabel = "FILE",
            description = "a chat template that must render every row without loss; may be repeated")
    private @Nullable List<String> templates;

    /**
     * Overrides the section of a recipe with the flags that are given.
     *
     * @param isInherited whether the recipe has the settings of another version
     */
    void override(Recipe recipe, boolean isInherited) {
        if (views != null) {
            recipe.override("release.views", views);
        }
        if (templates != null) {
            recipe.override("release.templates", templates);
        }
        // With --shards alone the world size follows it, unless --from inherits one.
        override(recipe, "world_size", worldSize == null && !isInherited ? shards : worldSize);
        override(recipe, "shards", shards == null ? worldSize : shards);
        override(recipe, "validation", validation);
        override(recipe, "preference_gap", preferenceGap);
        override(recipe, "threshold", threshold);
        override(recipe, "developer_as_system", text(developerAsSystem));
        override(recipe, "rl_unkept", text(rlUnkept));
        overrideText(recipe, "release.max_risk", maxRisk);
        if (gates != null) {
            gates.forEach((name, limit) -> Gate.override(recipe, name, limit));
        }
        overrideText(recipe, "neardup.prompts", nearDuplicatePrompts);
        overrideText(recipe, "neardup.samples", nearDuplicateSamples);
        if (nearDuplicateThreshold != null) {
            recipe.override("neardup.threshold", nearDuplicateThreshold);
        }
    }

    private static void overrideText(Recipe recipe, String key, @Nullable String value) {
        if (value != null) {
            recipe.overrideText(key, value);
        }
    }

    private static @Nullable String text(@Nullable Boolean flag) {
        return flag == null ? null : flag.toString();
    }

    private static void override(Recipe recipe, String key, @Nullable String value) {
        if (value != null) {
            recipe.override("release." + key, value);
        }
    }
}
