package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.records.Sample;
import dev.precept.runtime.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a version without some rows of another. That they are withdrawn is recorded first, so given again after a crash it
 * ends as if there had been none.
 */
public final class Withdraw {
    private final Judged judged;
    private final Which which;
    private final Set<String> ids = new TreeSet<>();
    private final Set<String> contents = new TreeSet<>();
    private long rows;

    private Withdraw(Judged judged, Which which) {
        this.judged = judged;
        this.which = which;
    }

    /**
     * Withdraws rows of a version.
     *
     * @param version it, or a ref that names it
     * @param why for manifests and cards
     * @param name of the new version
     * @param spool as in {@link Release#make}
     * @throws ConfigurationException if the version does not exist, the new one does, or nothing of it is meant
     */
    public static Release.Made from(Dataset dataset, String version, Which which, String why, String name, Path spool)
            throws IOException {
        if (why.isBlank()) {
            throw new ConfigurationException("--why: say why, for those who find the rows gone");
        }
        String from = dataset.versions().named(version);
        Release.requireFree(dataset, name);
        JsonNode manifest = dataset.versions().manifest(from).orElseThrow();
        ReleaseSettings settings = ReleaseSettings.like(manifest, name);
        Judged judged = new Judged(CommittedRows.below(dataset, manifest), Withdrawal.of(manifest));
        Which found = new Withdraw(judged, which).found(dataset, from);
        Withdrawal.record(dataset, why.strip(), found);
        return Release.from(dataset, from, settings, spool);
    }

    /** What is meant, with the contents of the samples that are named. */
    private Which found(Dataset dataset, String version) throws IOException {
        judged.samples(this::look);
        judged.attempts(attempt -> look(attempt.said()));
        if (rows == 0) {
            throw new ConfigurationException(dataset.location() + "@" + version + ": nothing in it is of "
                    + which.text() + "; nothing was withdrawn");
        }
        if (which instanceof Which.Samples(Set<String> named, Set<String> _)) {
            List<String> unknown =
                    named.stream().filter(id -> !ids.contains(id)).sorted().toList();
            if (!unknown.isEmpty()) {
                throw new ConfigurationException(dataset.location() + "@" + version + ": has no sample "
                        + String.join(", ", unknown) + "; nothing was withdrawn");
            }
            return new Which.Samples(named, contents);
        }
        return which;
    }

    private void look(Sample sample) {
        if (which.covers(sample)) {
            rows++;
            if (which instanceof Which.Samples) {
                ids.add(sample.getSampleId());
                contents.add(sample.getDedup().getContentHash());
            }
        }
    }
}
