package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.cli.run.EmbeddingLine;
import dev.precept.cli.run.GateLine;
import dev.precept.cli.run.RunRecipe;
import dev.precept.cli.run.SelectionLines;
import dev.precept.cli.run.ViewRows;
import dev.precept.config.Recipe;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.gate.RefGate;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.release.DiskEstimate;
import dev.precept.dataset.release.NextVersion;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleasePreview;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.release.ReleaseWork;
import dev.precept.dataset.removal.AbandonedRelease;
import dev.precept.dataset.semantic.SemanticDuplicates;
import dev.precept.runtime.ExitCode;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept release}. Needs no Kafka and calls no model. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = "Publish a fixed version (v1, v2, …) of a dataset.")
final class ReleaseCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    /** Names the dataset by its location or by a recipe, whose release settings then apply. */
    static final class Where {
        @Parameters(arity = "0..1", paramLabel = "DATASET", description = "a folder or s3://bucket/prefix")
        private @Nullable String argument;

        @Option(names = "--dataset", paramLabel = "DATASET", description = "the same")
        private @Nullable String option;

        @Option(
                names = "--recipe",
                paramLabel = "FILE",
                description = "a recipe: its dataset, release and s3 settings apply, flags override them")
        private @Nullable Path recipe;

        @Nullable
        String location() {
            return argument == null ? option : argument;
        }
    }

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    /** The name to release, or to give up. */
    static final class Target {
        @Option(
                names = "--as",
                paramLabel = "NAME",
                description =
                        "name of the version; 'next' is one above the highest v1, v2, …, or nothing if there are no"
                                + " new commits. An unfinished release of this name is completed")
        private @Nullable String name;

        @Option(
                names = "--abandon",
                paramLabel = "NAME",
                description = "give up an unfinished release: deletes its files, and the name can be used again")
        private @Nullable String abandon;
    }

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description = "release the data of VERSION again; settings that are not given are copied from it")
    private @Nullable String from;

    @Option(
            names = "--resplit",
            description =
                    "also move prompts of earlier versions to the split that the share gives them; what was held out"
                            + " may then be trained on")
    private boolean resplit;

    @Option(
            names = "--without-templates",
            description = "with --from: do not check the rows with the chat templates of that version")
    private boolean withoutTemplates;

    @Option(
            names = "--if-complete",
            description = "exit code 0 without a version while a run is open, for a schedule (default: exit code 1)")
    private boolean ifComplete;

    @Option(
            names = "--ranges",
            paramLabel = "N",
            description = "processes that make the version, each one range of its shards (default: 1)")
    private int ranges = 1;

    @Option(
            names = "--range",
            paramLabel = "I",
            description = "the range of this process, from 0; the process that stores the last one releases")
    private int range;

    @Option(
            names = "--dry-run",
            description = "print what would be released: rows of each view and split, what each chat template does with"
                    + " them, where latest would point; writes nothing")
    private boolean dryRun;

    @Mixin
    private ReleaseFlags flags = new ReleaseFlags();

    @Mixin
    private OverrideOptions override = new OverrideOptions();

    @Mixin
    private SpoolOptions spool = new SpoolOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException {
        Recipe recipe = where.recipe == null
                ? Recipe.parse("command line", Path.of("").toAbsolutePath(), "")
                : DeployedRecipe.read(where.recipe, System.getenv());
        String named = where.location();
        StoreLocation location = named == null ? readLocation(recipe) : DatasetLocation.of(named);
        if (target.abandon != null) {
            return abandon(Dataset.openExisting(location), target.abandon);
        }
        Optional<Manifest> base = Optional.empty();
        Dataset dataset = null;
        if (from != null) {
            dataset = Dataset.openExisting(location);
            base = dataset.versions().manifest(dataset.versions().resolve(from));
            ReleaseSettings.inherit(recipe, base.orElseThrow());
        }
        if (!isNext()) {
            recipe.overrideText("release.name", String.valueOf(target.name));
        }
        flags.override(recipe, from != null);
        ReleaseSettings read = ReleaseSettings.read(recipe);
        Optional<RefGate> gate = RefGate.read(recipe);
        recipe.throwProblems();
        override.requireKnown(read.gates().keySet().stream().sorted().toList());
        ReleaseSettings gated = read.withGates(withoutOverridden(read.gates()));
        ReleaseSettings settings = resplit ? gated.withSplits(gated.splits().withResplit()) : gated;
        if (!withoutTemplates) {
            base.ifPresent(settings::requireTemplatesOf);
        }
        return makeRelease(dataset == null ? Dataset.openExisting(location) : dataset, settings, gate);
    }

    /** The manifest of a version has the gates that it keeps; the audit has the others. */
    private Map<String, Double> withoutOverridden(Map<String, Double> gates) {
        Map<String, Double> kept = new TreeMap<>(gates);
        kept.keySet().removeIf(override::isOf);
        return kept;
    }

    private int abandon(Dataset dataset, String name) throws IOException {
        ReleaseClaim claim = Release.abandon(dataset, name, "given up with 'precept release --abandon'");
        CommandAudit.record(dataset, Audit.Action.RELEASE, Map.of("abandoned", name));
        int deleted = AbandonedRelease.deleteFiles(dataset, claim);
        ReleaseReport.printAbandoned(output, name, deleted);
        return ExitCode.RELEASED.code();
    }

    /** Reads the whole recipe, so that unknown keys are reported. */
    private static StoreLocation readLocation(Recipe recipe) {
        return RunRecipe.read(recipe, System.getenv()).dataset();
    }

    private int makeRelease(Dataset dataset, ReleaseSettings given, Optional<RefGate> gate) throws IOException {
        ReleaseSettings settings = given;
        if (isNext()) {
            NextVersion next = NextVersion.determine(dataset, given);
            if (from == null && next.unchangedFrom().isPresent()) {
                if (!dryRun && GateLine.isNew(dataset, gate)) {
                    Map<String, String> with =
                            new TreeMap<>(Map.of("version", next.unchangedFrom().get()));
                    GateLine.addTo(with, gate);
                    CommandAudit.record(dataset, Audit.Action.RELEASE, with);
                    applyGate(dataset, gate);
                }
                ReleaseReport.printUnchanged(output, next.unchangedFrom().get(), dataset.location());
                return ExitCode.RELEASED.code();
            }
            settings = given.withName(next.name());
        }
        ReleaseSettings named = settings;
        if (dryRun) {
            Path folder = spool.open();
            ReleaseWork work = new ReleaseWork(folder, spool.bytes(), 0, 1, _ -> {}, this::announce);
            return ReleasePreviewReport.print(
                            output,
                            dataset.location(),
                            ReleasePreview.of(dataset, Optional.ofNullable(from), named, work))
                    .code();
        }
        Release.requireNameFree(dataset, named.name());
        if (from != null || Release.openRuns(dataset).isEmpty()) {
            Map<String, String> with = new TreeMap<>(Map.of("version", named.name()));
            if (from != null) {
                with.put("from", from);
            }
            GateLine.addTo(with, gate);
            override.addTo(with);
            CommandAudit.record(dataset, Audit.Action.RELEASE, with);
            applyGate(dataset, gate);
        }
        AtomicBoolean incomplete = new AtomicBoolean();
        int code = spool.runIn(output, folder -> {
            ReleaseWork work = new ReleaseWork(
                    folder, spool.bytes(), range, ranges, estimate -> announce(folder, estimate), this::announce);
            Release.Result result = AbandonedRelease.cleanUpAfter(
                    dataset,
                    named.name(),
                    () -> from == null
                            ? Release.make(dataset, named, work)
                            : Release.makeFrom(dataset, from, named, work));
            incomplete.set(result instanceof Release.Result.Incomplete);
            return result;
        });
        if (ifComplete && incomplete.get()) {
            return ExitCode.RELEASED.code();
        }
        if (code == ExitCode.RELEASED.code() && !output.isJson()) {
            // Absent where this process stored one range of several.
            dataset.versions().manifest(named.name()).ifPresent(made -> {
                ViewRows.lines(made).forEach(System.out::println);
                SelectionLines.shortage(made.recipe().curation().select().map(Manifest.Select::total), made.rows())
                        .ifPresent(System.out::println);
            });
        }
        return code;
    }

    private void applyGate(Dataset dataset, Optional<RefGate> gate) throws IOException {
        GateLine.apply(dataset, gate).ifPresent(output.isJson() ? System.err::println : System.out::println);
    }

    private void announce(Path folder, DiskEstimate estimate) {
        (output.isJson() ? System.err : System.out)
                .printf(
                        Locale.ROOT,
                        "temporary files: at most %s in %s, %d passes over the committed rows%n",
                        mebibytes(estimate.peakBytes()),
                        folder,
                        estimate.passes() + 1);
    }

    private void announce(SemanticDuplicates.Estimate estimate) {
        (output.isJson() ? System.err : System.out).println(EmbeddingLine.of(estimate));
    }

    private static String mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20) + " MiB";
    }

    private boolean isNext() {
        return NextVersion.WORD.equals(target.name);
    }
}
