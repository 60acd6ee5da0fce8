package dev.precept.sinks;

import dev.precept.records.Rejection;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.sinks.view.Grain;
import dev.precept.sinks.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a version: reads every commit, drops exact duplicates, orders by hash, writes each view in equal shards, and names
 * them in a manifest, last. A function of the commits and the settings: made again, it is the same bytes. Memory holds a
 * few hundred bytes a sample, and one shard.
 */
public final class Release {
    private final Dataset dataset;
    private final ReleaseSettings settings;
    private final String folder;

    private Release(Dataset dataset, ReleaseSettings settings) {
        this.dataset = dataset;
        this.settings = settings;
        this.folder = "releases/" + settings.name() + "/";
    }

    /** How the making of a version ended. */
    public sealed interface Made {
        /** The version is there. */
        record Released(long rows, String path) implements Made {}

        /** No sample was kept: there is nothing to release. */
        record NoRows() implements Made {}

        /** These runs have slots that are not terminal, or not committed. */
        record Incomplete(List<String> runs) implements Made {}
    }

    /**
     * Makes a version of a dataset.
     *
     * @param spool a local folder for drafts; emptied at the end
     * @throws ConfigurationException if the version exists
     * @throws IOException if the store fails, or a data file is not what its commit says
     */
    public static Made make(Dataset dataset, ReleaseSettings settings, Path spool) throws IOException {
        requireFree(dataset, settings.name());
        List<String> open = dataset.runs().stream()
                .map(Dataset.RunEntry::runId)
                .filter(run -> !dataset.isComplete(run))
                .toList();
        if (!open.isEmpty()) {
            return new Made.Incomplete(open);
        }
        Files.createDirectories(spool);
        try {
            return new Release(dataset, settings).make(spool);
        } finally {
            empty(spool);
        }
    }

    /** @throws ConfigurationException if the version exists */
    public static void requireFree(Dataset dataset, String name) {
        if (dataset.hasRelease(name)) {
            throw new ConfigurationException(
                    "release " + name + " exists in " + dataset.location() + " and never changes; give another name");
        }
    }

    private Made make(Path spool) throws IOException {
        CommittedRows rows = CommittedRows.of(dataset);
        Selection selection = Selection.of(rows, settings.splits());
        if (selection.kept() == 0) {
            return new Made.NoRows();
        }
        dropLeftovers();
        Manifest manifest = new Manifest(dataset, settings, rows, selection);
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
                shards.write(stock(grain, rows, selection), views, sample -> {});
            }
        }
        byte[] card = Card.of(manifest);
        manifest.card(card);
        dataset.store().createIfAbsent(folder + "README.md", card);
        if (!dataset.store().createIfAbsent(folder + "manifest.json", Dataset.pretty(manifest.json()))) {
            requireFree(dataset, settings.name());
        }
        dataset.store().put("refs/latest", (settings.name() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new Made.Released(selection.kept(), dataset.location() + "/" + folder);
    }

    private Stock stock(Grain grain, CommittedRows rows, Selection selection) throws IOException {
        return switch (grain) {
            case SAMPLE -> selection;
            case PROMPT -> PromptStock.of(selection, settings.splits());
            case PAIR -> PairStock.of(rows, selection, settings.splits(), settings.preferenceGap());
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
