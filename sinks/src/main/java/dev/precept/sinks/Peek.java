package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.runtime.config.ConfigurationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/** A few rows of a dataset, for a person to read. */
public final class Peek {
    private Peek() {}

    /**
     * The first committed samples.
     *
     * @throws ConfigurationException if there is no such release
     */
    public static List<Sample> samples(Dataset dataset, int most) throws IOException {
        return first(dataset, "samples", Sample.class, most, sample -> true);
    }

    /** The first samples of a release, in its order of commits. */
    public static List<Sample> samples(Dataset dataset, String release, int most) throws IOException {
        JsonNode manifest = dataset.manifest(release)
                .orElseThrow(() -> new ConfigurationException("dataset " + dataset.location() + " has no release '"
                        + release + "'; it has " + String.join(", ", dataset.releases())));
        List<String> dropped = new ArrayList<>();
        manifest.path("removed").path("exact_duplicates").path("sample_ids").forEach(id -> dropped.add(id.asText()));
        List<String> runs = new ArrayList<>();
        manifest.path("runs").forEach(run -> runs.add(run.path("run_id").asText()));
        return first(
                dataset,
                "samples",
                Sample.class,
                most,
                sample -> runs.contains(sample.getRunId()) && !dropped.contains(sample.getSampleId()));
    }

    /** The first attempts and slots that were turned down. */
    public static List<Rejection> rejections(Dataset dataset, int most) throws IOException {
        return first(dataset, "rejections", Rejection.class, most, Rejection::getTerminal);
    }

    private static <R extends SpecificRecord> List<R> first(
            Dataset dataset, String topic, Class<R> type, int most, Predicate<R> wanted) throws IOException {
        List<R> rows = new ArrayList<>();
        CommittedRows.of(dataset).each(topic, type, row -> {
            if (rows.size() < most && wanted.test(row)) {
                rows.add(row);
            }
        });
        return rows;
    }
}
