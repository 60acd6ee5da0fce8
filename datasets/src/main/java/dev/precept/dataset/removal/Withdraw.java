package dev.precept.dataset.removal;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.release.ReleaseWork;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a version without some rows of another one. The withdrawal is recorded first, so running it again after a crash
 * completes it.
 */
public final class Withdraw {
    private final Manifest version;
    private final RowSelector rowSelector;
    private final Set<String> ids = new TreeSet<>();
    private final Set<String> contents = new TreeSet<>();
    private long rows;

    private Withdraw(Manifest version, RowSelector rowSelector) {
        this.version = version;
        this.rowSelector = rowSelector;
    }

    /**
     * Withdraws rows of a version.
     *
     * @param version a version, or a ref
     * @param why reason, for manifests and cards
     * @param name name of the new version
     * @param spool as in {@link Release#make}
     * @throws ConfigurationException if the version does not exist or was checked with a template, the new one exists, or no
     *     row matches
     */
    public static Release.Result execute(
            Dataset dataset, String version, RowSelector rowSelector, String why, String name, Path spool)
            throws IOException {
        return execute(dataset, version, rowSelector, why, name, RemovalTemplates.NONE, spool);
    }

    /** As {@link #execute(Dataset, String, RowSelector, String, String, Path)}, with the chat templates of the version. */
    public static Release.Result execute(
            Dataset dataset,
            String version,
            RowSelector rowSelector,
            String why,
            String name,
            RemovalTemplates templates,
            Path spool)
            throws IOException {
        if (why.isBlank()) {
            throw new ConfigurationException("--why: give a reason; it is recorded for readers of the dataset");
        }
        String from = dataset.versions().resolve(version);
        Release.requireNameFree(dataset, name);
        Manifest manifest = dataset.versions().manifest(from).orElseThrow();
        ReleaseSettings settings = templates.settings(manifest, name);
        RowSelector found = new Withdraw(manifest, rowSelector).findSelected(dataset);
        Withdrawal.record(dataset, why.strip(), found);
        return AbandonedRelease.cleanUpAfter(
                dataset, name, () -> Release.makeFrom(dataset, from, settings, ReleaseWork.again(spool)));
    }

    /** The selector, completed with the content hashes of selected samples. */
    private RowSelector findSelected(Dataset dataset) throws IOException {
        CommittedRows committed = CommittedRows.loadForVersion(dataset, version);
        committed.forEach(Topics.SAMPLES.name(), Sample.class, this::collect);
        committed.forEach(
                Topics.REJECTIONS.name(),
                Rejection.class,
                rejection -> RejectedAttempts.asSample(rejection).ifPresent(this::collect));
        if (rows == 0) {
            throw new ConfigurationException(dataset.location() + "@" + version.version() + ": no row matches "
                    + rowSelector.describe() + "; nothing was withdrawn");
        }
        if (rowSelector instanceof RowSelector.BySample(Set<String> named, Set<String> _)) {
            List<String> unknown =
                    named.stream().filter(id -> !ids.contains(id)).sorted().toList();
            if (!unknown.isEmpty()) {
                throw new ConfigurationException(dataset.location() + "@" + version.version() + ": has no sample "
                        + String.join(", ", unknown) + "; nothing was withdrawn");
            }
            return new RowSelector.BySample(named, contents);
        }
        return rowSelector;
    }

    private void collect(Sample sample) {
        if (rowSelector.matches(sample)
                && Withdrawal.first(version.recipe().withdrawals(), sample).isEmpty()) {
            rows++;
            if (rowSelector instanceof RowSelector.BySample) {
                ids.add(sample.getSampleId());
                contents.add(sample.getDedup().getContentHash());
            }
        }
    }
}
