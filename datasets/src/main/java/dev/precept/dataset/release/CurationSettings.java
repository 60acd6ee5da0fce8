package dev.precept.dataset.release;

import dev.precept.config.QuotaSettings;
import dev.precept.config.Recipe;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.balance.BalanceSettings;
import dev.precept.dataset.semantic.SemanticDuplicates;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.spec.Risk;
import java.util.Optional;

/**
 * Which of the good rows a version leaves out.
 *
 * @param semantic what is done about prompts that are alike in meaning; empty if they are not searched
 * @param quotas the most samples of some categories and styles
 * @param select how many of the others are taken; empty for all
 * @param maxRisk the highest risk of a row; empty for any
 */
public record CurationSettings(
        Optional<SemanticSettings> semantic,
        QuotaSettings quotas,
        Optional<Manifest.Select> select,
        Optional<Risk.Level> maxRisk) {
    private static final long CELLS_BYTES = 16;
    private static final int EMBEDDED_DIMENSIONS = 384;
    /** A guess: they are known with the first answer. */
    private static final int ENDPOINT_DIMENSIONS = 1536;

    /** Every row stays. */
    public static final CurationSettings NONE =
            new CurationSettings(Optional.empty(), QuotaSettings.NONE, Optional.empty());

    /** Of any risk. */
    public CurationSettings(
            Optional<SemanticSettings> semantic, QuotaSettings quotas, Optional<Manifest.Select> select) {
        this(semantic, quotas, select, Optional.empty());
    }

    /** Reads its sections; adds their problems to the recipe. */
    static CurationSettings read(Recipe recipe) {
        return new CurationSettings(
                SemanticSettings.read(recipe),
                QuotaSettings.read(recipe),
                BalanceSettings.read(recipe),
                recipe.section("release")
                        .oneOf(
                                "max_risk",
                                Risk.Level.class,
                                "rows of any risk are released",
                                "the highest risk of a released row, as spec.yaml states the risk of its categories; rows"
                                        + " above it are left out and counted, rows without a risk stay"));
    }

    /** Overrides the sections of a recipe with the settings of a version; where an endpoint is, only a recipe says. */
    static void inherit(Recipe recipe, Manifest.Curation made) {
        made.semantic().ifPresent(semantic -> SemanticSettings.inherit(recipe, semantic));
        if (!made.quotas().isEmpty()) {
            new QuotaSettings(made.quotas()).override(recipe);
        }
        made.select().ifPresent(select -> BalanceSettings.inherit(recipe, select));
        made.maxRisk().ifPresent(level -> recipe.overrideText("release.max_risk", level.label()));
    }

    /** The same without a search that would call an endpoint. */
    CurationSettings withoutCalls() {
        return new CurationSettings(semantic.filter(settings -> !settings.callsEndpoint()), quotas, select, maxRisk);
    }

    /** Whether any row may be left out for another one, or is searched for a similar one. */
    boolean isOn() {
        return semantic.isPresent() || !quotas.quotas().isEmpty() || select.isPresent();
    }

    /** Temporary bytes for each row, beside its text. */
    long bytesOfRow() {
        return 2 * CELLS_BYTES
                + semantic.map(settings -> SemanticDuplicates.bytesOfRow(
                                settings.url().isPresent() ? ENDPOINT_DIMENSIONS : EMBEDDED_DIMENSIONS))
                        .orElse(0L);
    }

    Manifest.Curation recipe() {
        return new Manifest.Curation(semantic.map(SemanticSettings::recipe), quotas.quotas(), select, maxRisk);
    }
}
