package dev.precept.dataset.read;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.release.JudgedRows;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/** The first rows of a dataset, for display. */
public final class RowPreview {
    private RowPreview() {}

    /**
     * The first committed samples.
     */
    public static List<Sample> samples(Dataset dataset, int most) throws IOException {
        return first(dataset, Topics.SAMPLES.name(), Sample.class, most, sample -> true);
    }

    /**
     * The first samples of a version, in the order of commits.
     *
     * @param release a version, or a ref
     * @throws ConfigurationException if there is no such version
     */
    public static List<Sample> samples(Dataset dataset, String release, int most) throws IOException {
        Manifest manifest =
                dataset.versions().manifest(dataset.versions().resolve(release)).orElseThrow();
        Rewrites.read(dataset).requireNotPurged(dataset.versions().resolve(release));
        JudgedRows judgedRows = new JudgedRows(
                CommittedRows.loadForVersion(dataset, manifest),
                manifest.recipe().withdrawals());
        double threshold = manifest.recipe().threshold().orElse(0.0);
        Set<Hash> dropped = Set.copyOf(manifest.removed().exactDuplicates());
        List<Sample> samples = new ArrayList<>();
        judgedRows.forEachSample(sample -> {
            if (samples.size() < most
                    && sample.getJudgeMin() >= threshold
                    && !dropped.contains(Hash.of(sample.getSampleId()))) {
                samples.add(sample);
            }
        });
        return samples;
    }

    /** The first rejected slots. */
    public static List<Rejection> rejections(Dataset dataset, int most) throws IOException {
        return first(dataset, Topics.REJECTIONS.name(), Rejection.class, most, Rejection::getTerminal);
    }

    private static <R extends SpecificRecord> List<R> first(
            Dataset dataset, String topic, Class<R> type, int most, Predicate<R> wanted) throws IOException {
        List<R> rows = new ArrayList<>();
        CommittedRows.load(dataset).forEach(topic, type, row -> {
            if (rows.size() < most && wanted.test(row)) {
                rows.add(row);
            }
        });
        return rows;
    }
}
