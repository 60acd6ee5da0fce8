package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.plan.ClaimOutcome;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.dataset.view.View;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The claim under which a version is made: the open one of the name, or a new one. */
final class ClaimedName {
    private final Dataset dataset;
    private final ReleasePlans plans;
    private final ReleaseSettings settings;
    private final Optional<String> from;

    /** @param settings with splits that follow the version before */
    ClaimedName(Dataset dataset, ReleaseSettings settings, Optional<String> from) {
        this.dataset = dataset;
        this.plans = ReleasePlans.of(dataset);
        this.settings = settings;
        this.from = from;
    }

    /** Makes the plan of a new claim. */
    interface Planner {
        ReleasePlan plan() throws IOException;
    }

    /** The open claim of the name, if there is one. */
    Optional<ReleaseClaim> open() throws IOException {
        return plans.open(settings.name());
    }

    /**
     * The open claim of the name, or a new one. A purge lists the claims after it has recorded its plan, and this reads the
     * plans of purges after the claim was created: one of the two sees the other.
     *
     * @throws ConfigurationException if the open claim has other settings
     * @throws StoreException.Unavailable if the files of an abandoned claim are being deleted
     */
    ReleaseClaim claim(Planner planner) throws IOException {
        while (true) {
            Optional<ReleaseClaim> open = open();
            Optional<ReleaseClaim> claim = open.isPresent() ? open : plans.claim(planner.plan());
            if (claim.isEmpty()) {
                requireUndecided();
                continue; // another process has just claimed the name, or abandoned its claim
            }
            requireSameSettings(claim.get().plan());
            requireNoRemoval(claim.get());
            if (coversRewrites(claim.get().plan())) {
                return claim.get();
            }
            plans.abandon(claim.get(), "rows that it would contain are purged");
            Release.requireNameFree(dataset, settings.name());
        }
    }

    /** A process that is gone may have decided the release and not stored the manifest. */
    private void requireUndecided() throws IOException {
        Optional<ReleaseClaim> newest = plans.newest(settings.name());
        if (newest.isPresent() && plans.outcome(newest.get()).orElse(null) instanceof ClaimOutcome.Released released) {
            plans.store(released);
        }
        Release.requireNameFree(dataset, settings.name());
    }

    /** Whether every row that a purge deletes is left out by the plan. */
    private boolean coversRewrites(ReleasePlan plan) throws IOException {
        List<RowSelector> withdrawn = plan.recipe().withdrawals().stream()
                .map(withdrawal -> withdrawal.selector())
                .toList();
        return withdrawn.containsAll(Rewrites.planned(dataset));
    }

    private void requireNoRemoval(ReleaseClaim claim) throws IOException {
        if (!plans.openRemovals(claim.version()).isEmpty()) {
            plans.abandon(claim, "files of an earlier claim were being deleted");
            throw new StoreException.Unavailable(
                    dataset.location() + ": files of an abandoned release of " + claim.version()
                            + " are being deleted; try again, or run 'precept gc' if that process was killed");
        }
    }

    /** Whether a plan was made with these settings, by this program. */
    boolean isSame(ReleasePlan plan) {
        return differences(plan).isEmpty();
    }

    void requireSameSettings(ReleasePlan plan) {
        List<String> differences = differences(plan);
        if (!differences.isEmpty()) {
            throw new ConfigurationException("release " + settings.name() + " of " + dataset.location()
                    + " was begun with other settings: " + String.join(", ", differences)
                    + "; release it with those, give another name, or give it up with 'precept release --dataset "
                    + dataset.location() + " --abandon " + settings.name() + "'");
        }
    }

    private List<String> differences(ReleasePlan plan) {
        Manifest.ReleaseRecipe begun = plan.recipe();
        Manifest.ReleaseRecipe given = settings.recipe(begun.withdrawals());
        List<String> differences = new ArrayList<>();
        addDifference(differences, "from", plan.from().orElse("all commits"), from.orElse("all commits"));
        addDifference(differences, "views", begun.views(), given.views());
        addDifference(differences, "shards", begun.shards(), given.shards());
        addDifference(differences, "world_size", begun.worldSize(), given.worldSize());
        addDifference(differences, "validation", begun.validation(), given.validation());
        if (settings.splits().resplit()) {
            addDifference(differences, "splits kept of", earlier(begun), earlier(given));
        }
        addDifference(differences, "preference_gap", begun.preferenceGap(), given.preferenceGap());
        addDifference(differences, "threshold", begun.threshold(), given.threshold());
        addDifference(differences, "templates", begun.templates(), given.templates());
        addDifference(
                differences,
                "developer_as_system",
                begun.rows().developerAsSystem(),
                given.rows().developerAsSystem());
        addDifference(
                differences, "rl_unkept", begun.rows().rlUnkept(), given.rows().rlUnkept());
        addDifference(differences, "neardup", begun.nearDuplicates(), given.nearDuplicates());
        addDifference(
                differences,
                "semantic",
                begun.curation().semantic(),
                given.curation().semantic());
        addDifference(
                differences,
                "quotas",
                begun.curation().quotas(),
                given.curation().quotas());
        addDifference(
                differences,
                "select",
                begun.curation().select(),
                given.curation().select());
        addDifference(differences, "gates", begun.gates(), given.gates());
        addDifference(differences, "labels", begun.labels(), given.labels());
        addDifference(differences, "writer", plan.writer(), Manifest.writerOfThisBuild());
        return differences;
    }

    private static List<String> earlier(Manifest.ReleaseRecipe recipe) {
        return recipe.earlierSplits().stream()
                .map(Manifest.EarlierSplits::version)
                .toList();
    }

    private static void addDifference(List<String> differences, String name, Object begun, Object given) {
        if (!begun.equals(given)) {
            differences.add(name + " " + text(begun) + " (now " + text(given) + ")");
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Map<?, ?> map when map.isEmpty() -> "none";
            case Optional<?> optional -> optional.map(ClaimedName::text).orElse("none");
            case List<?> list when list.isEmpty() -> "none";
            case List<?> list ->
                String.join(" ", list.stream().map(ClaimedName::text).toList());
            case View view -> view.label();
            case Manifest.Template template -> template.name();
            case Manifest.NearDuplicates(var prompts, var samples, double threshold) ->
                "prompts " + prompts.label() + ", samples " + samples.label() + ", threshold " + threshold;
            default -> value.toString();
        };
    }

    /** Ends the open claim of a name without a version. */
    static ReleaseClaim abandon(Dataset dataset, String name, String why) throws IOException {
        ReleasePlans plans = ReleasePlans.of(dataset);
        Optional<ReleaseClaim> claim = plans.newest(name);
        if (claim.isEmpty()) {
            Release.requireNameFree(dataset, name);
            throw new ConfigurationException(
                    "release " + name + ": " + dataset.location() + " has no unfinished release of this name");
        }
        return switch (plans.abandon(claim.get(), why)) {
            case ClaimOutcome.Abandoned _ -> claim.get();
            case ClaimOutcome.Released released -> {
                plans.store(released); // decided by a process that was killed before it stored the manifest
                throw new ConfigurationException(
                        "release " + name + " exists in " + dataset.location() + " and never changes");
            }
        };
    }
}
