package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a version: reads every commit, drops exact duplicates, orders by hash, writes each view in equal shards, and writes
 * the manifest last. The same commits and settings give the same bytes. Needs a few hundred bytes of memory per sample, and
 * that of a few thousand samples.
 */
public final class Release {
    private final Dataset dataset;
    private final ReleaseSettings settings;
    private final Origin origin;
    private final String folder;

    private Release(Dataset dataset, ReleaseSettings settings, Origin origin) {
        this.dataset = dataset;
        this.settings = settings;
        this.origin = origin;
        this.folder = Layout.release(settings.name());
    }

    /**
     * The input of a version.
     *
     * @param from the version whose commits are reused; empty for all commits
     * @param withdrawals rows to leave out
     */
    record Origin(CommittedRows rows, Optional<String> from, List<Withdrawal> withdrawals) {}

    /** The result of a release. */
    public sealed interface Result {
        /**
         * The version exists.
         *
         * @param latestAt the version that {@code latest} names, if it is another one because the ref was moved meanwhile
         */
        record Released(long rows, String path, Optional<String> latestAt) implements Result {}

        /**
         * A chat template would drop or duplicate text of a view; nothing was written.
         *
         * @param why one line
         */
        record Refused(String why) implements Result {}

        /** No sample was kept; nothing was written. */
        record NoRows() implements Result {}

        /** These runs have slots that are not terminal or not committed; nothing was written. */
        record Incomplete(List<String> runs) implements Result {}
    }

    /**
     * Makes a version of a dataset.
     *
     * @param spool local folder for temporary files; emptied at the end
     * @throws ConfigurationException if the version exists, or the threshold depends on votes that were not cast
     * @throws IOException if the store fails, or a data file does not match its commit
     */
    public static Result make(Dataset dataset, ReleaseSettings settings, Path spool) throws IOException {
        requireNameFree(dataset, settings.name());
        List<String> open = openRuns(dataset);
        if (!open.isEmpty()) {
            return new Result.Incomplete(open);
        }
        Origin all = new Origin(CommittedRows.load(dataset), Optional.empty(), Withdrawal.read(dataset));
        return new Release(dataset, settings, all).makeIn(spool);
    }

    /**
     * Makes a version from the same commits as another one, without model calls. Rows withdrawn since then are left out.
     *
     * @param from name of a version
     * @param spool as in {@link #make}
     * @throws ConfigurationException as {@link #make} does, and if there is no such version
     * @throws IOException as {@link #make} does
     */
    public static Result makeFrom(Dataset dataset, String from, ReleaseSettings settings, Path spool)
            throws IOException {
        requireNameFree(dataset, settings.name());
        Manifest manifest =
                dataset.versions().manifest(dataset.versions().resolve(from)).orElseThrow();
        CommittedRows rows = CommittedRows.loadForVersion(dataset, manifest);
        Origin below = new Origin(rows, Optional.of(dataset.versions().resolve(from)), Withdrawal.read(dataset));
        return new Release(dataset, settings, below).makeIn(spool);
    }

    /** The runs that are not completely committed; while there is one, no version is made. */
    public static List<String> openRuns(Dataset dataset) {
        return dataset.runs().stream()
                .map(Dataset.RunEntry::runId)
                .filter(run -> !dataset.isComplete(run))
                .toList();
    }

    /** @throws ConfigurationException if the version exists, or a ref has this name */
    public static void requireNameFree(Dataset dataset, String name) {
        if (dataset.versions().has(name)) {
            throw new ConfigurationException(
                    "release " + name + " exists in " + dataset.location() + " and never changes; give another name");
        }
        try {
            if (Refs.isReserved(name) || dataset.refs().latestMove(name).isPresent()) {
                throw new ConfigurationException(
                        "release " + name + ": is the name of a ref, which moves; give another name, such as v2");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ref " + name + " of " + dataset.location(), e);
        }
    }

    private Result makeIn(Path spool) throws IOException {
        Files.createDirectories(spool);
        try {
            return make(spool);
        } finally {
            empty(spool);
        }
    }

    private Result make(Path spool) throws IOException {
        Optional<Refs.Move> latest = dataset.refs().latestMove(Refs.LATEST);
        CommittedRows rows = origin.rows();
        JudgedRows judgedRows = new JudgedRows(rows, origin.withdrawals());
        Selection selection = Selection.select(judgedRows, settings.splits(), settings.threshold());
        if (selection.kept() == 0) {
            return new Result.NoRows();
        }
        Optional<String> refusal = TemplateGate.refusal(settings, rowKind -> rowSource(rowKind, selection));
        if (refusal.isPresent()) {
            return new Result.Refused(refusal.get());
        }
        deleteRemains();
        ManifestBuilder manifest = new ManifestBuilder(dataset, settings, origin, selection);
        manifest.withdrawn(judgedRows.countWithdrawn());
        rows.forEach(Topics.REJECTIONS.name(), Rejection.class, manifest::count);
        ShardWriter shards = new ShardWriter(dataset, settings, manifest, folder, spool);
        for (RowKind rowKind : RowKind.values()) {
            List<View> views = settings.views().stream()
                    .filter(view -> view.rowKind() == rowKind)
                    .toList();
            if (rowKind == RowKind.SAMPLE && views.isEmpty()) {
                selection.forEach(manifest::count);
            } else if (rowKind == RowKind.SAMPLE) {
                shards.write(selection, views, manifest::count);
            } else if (!views.isEmpty()) {
                shards.write(rowSource(rowKind, selection), views, sample -> {});
            }
        }
        byte[] card = DatasetCard.render(manifest);
        manifest.card(card);
        dataset.store().createIfAbsent(Layout.card(settings.name()), card);
        if (!dataset.store()
                .createIfAbsent(
                        Layout.manifest(settings.name()), manifest.build().write())) {
            requireNameFree(dataset, settings.name());
        }
        return new Result.Released(selection.kept(), dataset.location() + "/" + folder, moveLatest(latest));
    }

    /** A version made from another one replaces only that one as {@code latest}. */
    private Optional<String> moveLatest(Optional<Refs.Move> latest) throws IOException {
        Optional<String> current = latest.map(Refs.Move::version);
        if (origin.from().isPresent() && current.isPresent() && !current.equals(origin.from())) {
            return current;
        }
        return switch (dataset.refs().move(Refs.LATEST, latest, settings.name())) {
            case Refs.MoveResult.Applied _ -> Optional.empty();
            case Refs.MoveResult.Conflict(Optional<Refs.Move> now) ->
                now.map(Refs.Move::version).filter(version -> !version.equals(settings.name()));
        };
    }

    private RowSource rowSource(RowKind rowKind, Selection selection) throws IOException {
        return switch (rowKind) {
            case SAMPLE -> selection;
            case PROMPT -> PromptRows.collect(selection, settings.splits());
            case PAIR -> PairRows.collect(selection, settings.splits(), settings.preferenceGap());
        };
    }

    /** Files without a manifest are the remains of a crashed release. */
    private void deleteRemains() throws IOException {
        for (String key : dataset.store().list(folder)) {
            dataset.store().delete(key);
        }
    }

    private static void empty(Path spool) throws IOException {
        try (Stream<Path> left = Files.list(spool)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
    }
}
