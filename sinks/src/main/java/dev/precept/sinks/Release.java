package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.records.Rejection;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.sinks.view.Grain;
import dev.precept.sinks.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a version: reads every commit, drops exact duplicates, orders by hash, writes each view in equal shards, and names
 * them in a manifest, last. A function of the commits and the settings: made again, it is the same bytes. Memory holds a
 * few hundred bytes a sample, and a few thousand samples.
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
        this.folder = "releases/" + settings.name() + "/";
    }

    /**
     * What a version is made from.
     *
     * @param from the version whose commits these are; empty for all that there are
     * @param withdrawals what it leaves out
     */
    record Origin(CommittedRows rows, Optional<String> from, List<Withdrawal> withdrawals) {}

    /** How the making of a version ended. */
    public sealed interface Made {
        /**
         * The version is there.
         *
         * @param elsewhere the version that {@code latest} stands at, where that is another one: somebody moved it meanwhile
         */
        record Released(long rows, String path, Optional<String> elsewhere) implements Made {}

        /**
         * A chat template would drop or double what a view holds; nothing was written.
         *
         * @param why one line
         */
        record Refused(String why) implements Made {}

        /** No sample was kept: there is nothing to release. */
        record NoRows() implements Made {}

        /** These runs have slots that are not terminal, or not committed. */
        record Incomplete(List<String> runs) implements Made {}
    }

    /**
     * Makes a version of a dataset.
     *
     * @param spool a local folder for drafts; emptied at the end
     * @throws ConfigurationException if the version exists, or the threshold asks for votes that nobody cast
     * @throws IOException if the store fails, or a data file is not what its commit says
     */
    public static Made make(Dataset dataset, ReleaseSettings settings, Path spool) throws IOException {
        requireFree(dataset, settings.name());
        List<String> open = open(dataset);
        if (!open.isEmpty()) {
            return new Made.Incomplete(open);
        }
        Origin all = new Origin(CommittedRows.of(dataset), Optional.empty(), Withdrawal.of(dataset));
        return new Release(dataset, settings, all).madeIn(spool);
    }

    /**
     * Makes a version from exactly the commits that another was made from, without a call to any model. What was withdrawn
     * from the dataset since then is left out.
     *
     * @param from the name of a version
     * @param spool as in {@link #make}
     * @throws ConfigurationException as {@link #make} does, and if there is no such version
     * @throws IOException as {@link #make} does
     */
    public static Made from(Dataset dataset, String from, ReleaseSettings settings, Path spool) throws IOException {
        requireFree(dataset, settings.name());
        JsonNode manifest =
                dataset.versions().manifest(dataset.versions().named(from)).orElseThrow();
        CommittedRows rows = CommittedRows.below(dataset, manifest);
        Origin below = new Origin(rows, Optional.of(dataset.versions().named(from)), Withdrawal.of(dataset));
        return new Release(dataset, settings, below).madeIn(spool);
    }

    /** The runs that are not committed to their end; while there is one, nothing new is released. */
    public static List<String> open(Dataset dataset) {
        return dataset.runs().stream()
                .map(Dataset.RunEntry::runId)
                .filter(run -> !dataset.isComplete(run))
                .toList();
    }

    /** @throws ConfigurationException if the version exists, or a ref has this name */
    public static void requireFree(Dataset dataset, String name) {
        if (dataset.versions().has(name)) {
            throw new ConfigurationException(
                    "release " + name + " exists in " + dataset.location() + " and never changes; give another name");
        }
        try {
            if (Refs.isReserved(name) || dataset.refs().at(name).isPresent()) {
                throw new ConfigurationException(
                        "release " + name + ": is the name of a ref, which moves; give another name, such as v2");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read ref " + name + " of " + dataset.location(), e);
        }
    }

    private Made madeIn(Path spool) throws IOException {
        Files.createDirectories(spool);
        try {
            return make(spool);
        } finally {
            empty(spool);
        }
    }

    private Made make(Path spool) throws IOException {
        Optional<Refs.Move> latest = dataset.refs().at(Refs.LATEST);
        CommittedRows rows = origin.rows();
        Judged judged = new Judged(rows, origin.withdrawals());
        Selection selection = Selection.of(judged, settings.splits(), settings.threshold());
        if (selection.kept() == 0) {
            return new Made.NoRows();
        }
        Optional<String> refusal = TemplateGate.refusal(settings, grain -> stock(grain, selection));
        if (refusal.isPresent()) {
            return new Made.Refused(refusal.get());
        }
        dropLeftovers();
        Manifest manifest = new Manifest(dataset, settings, origin, selection);
        manifest.withdrawn(judged.withdrawn());
        rows.each("rejections", Rejection.class, manifest::count);
        ShardWriter shards = new ShardWriter(dataset, settings, manifest, folder, spool);
        for (Grain grain : Grain.values()) {
            List<View> views = settings.views().stream()
                    .filter(view -> view.grain() == grain)
                    .toList();
            if (grain == Grain.SAMPLE && views.isEmpty()) {
                selection.each(manifest::count);
            } else if (grain == Grain.SAMPLE) {
                shards.write(selection, views, manifest::count);
            } else if (!views.isEmpty()) {
                shards.write(stock(grain, selection), views, sample -> {});
            }
        }
        byte[] card = Card.of(manifest);
        manifest.card(card);
        dataset.store().createIfAbsent(folder + "README.md", card);
        if (!dataset.store().createIfAbsent(folder + "manifest.json", Dataset.pretty(manifest.json()))) {
            requireFree(dataset, settings.name());
        }
        return new Made.Released(selection.kept(), dataset.location() + "/" + folder, moved(latest));
    }

    /** A version that is made from another takes that one's place, and nobody else's. */
    private Optional<String> moved(Optional<Refs.Move> latest) throws IOException {
        Optional<String> stands = latest.map(Refs.Move::version);
        if (origin.from().isPresent() && stands.isPresent() && !stands.equals(origin.from())) {
            return stands;
        }
        return switch (dataset.refs().move(Refs.LATEST, latest, settings.name())) {
            case Refs.Moved.There _ -> Optional.empty();
            case Refs.Moved.Elsewhere(Optional<Refs.Move> now) ->
                now.map(Refs.Move::version).filter(version -> !version.equals(settings.name()));
        };
    }

    private Stock stock(Grain grain, Selection selection) throws IOException {
        return switch (grain) {
            case SAMPLE -> selection;
            case PROMPT -> PromptStock.of(selection, settings.splits());
            case PAIR -> PairStock.of(selection, settings.splits(), settings.preferenceGap());
        };
    }

    /** Files without a manifest are no release: a crashed attempt left them. */
    private void dropLeftovers() throws IOException {
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
