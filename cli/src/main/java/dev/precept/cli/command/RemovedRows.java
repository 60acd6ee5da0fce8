package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.read.RowChoice;
import dev.precept.dataset.read.RowPreview;
import dev.precept.dataset.release.RemovedSamples;
import dev.precept.records.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The samples that a version leaves out or reports, each with the one that it resembles. */
final class RemovedRows {
    private final List<RemovedSamples.Row> rows;
    private final Map<String, Sample> samples = new HashMap<>();

    private RemovedRows(List<RemovedSamples.Row> rows) {
        this.rows = rows;
    }

    /**
     * Reads the first of a version.
     *
     * @param reason null for every one
     * @throws ConfigurationException if there is no such version or reason
     */
    static RemovedRows read(Dataset dataset, String version, int most, @Nullable String reason) throws IOException {
        String wanted = reason == null ? null : reason.toLowerCase(Locale.ROOT);
        if (wanted != null && !RemovedSamples.reasons().contains(wanted)) {
            throw new ConfigurationException("--reason " + reason + ": is no reason of --removed; give one of "
                    + String.join(", ", RemovedSamples.reasons()));
        }
        RemovedRows removed = new RemovedRows(RowPreview.removed(
                dataset, version, most, row -> wanted == null || row.reason().equals(wanted)));
        Set<String> ids = removed.rows.stream()
                .flatMap(row -> Stream.of(row.sampleId(), row.duplicateOf()))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        RowPreview.samples(dataset, RowChoice.first(ids.size(), sample -> ids.contains(sample.getSampleId())))
                .rows()
                .forEach(sample -> removed.samples.put(sample.getSampleId(), sample));
        return removed;
    }

    int count() {
        return rows.size();
    }

    void print(RowPrinter printer) {
        for (RemovedSamples.Row row : rows) {
            printer.removed(
                    row,
                    samples.get(row.sampleId()),
                    row.duplicateOf() == null ? null : samples.get(row.duplicateOf()));
        }
    }

    /** One object a line. */
    void printJson(PrintStream out) {
        for (RemovedSamples.Row row : rows) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("sample_id", row.sampleId()).put("reason", row.reason());
            json.put("duplicate_of", row.duplicateOf()).put("similarity", row.similarity());
            json.put("source", source(row.sampleId())).put("duplicate_of_source", source(row.duplicateOf()));
            out.println(json);
        }
    }

    private @Nullable String source(@Nullable String id) {
        Sample sample = id == null ? null : samples.get(id);
        return sample == null ? null : RowPrinter.source(sample);
    }
}
