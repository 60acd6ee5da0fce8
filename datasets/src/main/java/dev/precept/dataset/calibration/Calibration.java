package dev.precept.dataset.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Journal;
import dev.precept.dataset.Layout;
import dev.precept.dataset.chain.ChainId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The verdict of a person on a judged row, {@code calibration/<number>.json}. It is created once and never changed; of several
 * on one row the newest counts. The text of the row is not in it, so that a purge removes it here too.
 *
 * @param number from 1, in order of creation
 * @param sampleId the id of the sample, or of the rejected attempt
 * @param place where the row was committed
 * @param who the name that the person gave
 */
public record Calibration(
        long number, String sampleId, Verdict verdict, Place place, String who, Instant when, String why) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a correct judge does with the row. */
    public enum Verdict {
        KEEP,
        TURN_AWAY;

        /** As in documents. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The verdict with a label; empty if there is none. */
        public static Optional<Verdict> byLabel(String label) {
            for (Verdict verdict : values()) {
                if (verdict.label().equals(label)) {
                    return Optional.of(verdict);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * The commit of a row.
     *
     * @param from the first offset of the commit
     */
    public record Place(ChainId chain, long from) {}

    /** All calibrations of a dataset, in order. */
    public static List<Calibration> readAll(Dataset dataset) throws IOException {
        List<Calibration> all = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), Layout.CALIBRATIONS).entries()) {
            all.add(parse(entry));
        }
        return all;
    }

    /** The calibrations that count: the newest of each row, in order. */
    public static List<Calibration> readCurrent(Dataset dataset) throws IOException {
        Map<String, Calibration> newest = new LinkedHashMap<>();
        for (Calibration each : readAll(dataset)) {
            newest.remove(each.sampleId());
            newest.put(each.sampleId(), each);
        }
        return List.copyOf(newest.values());
    }

    /** Stores a calibration under the next free number, and returns it with this number. */
    public static Calibration store(
            Dataset dataset, String sampleId, Verdict verdict, Place place, String who, Instant when, String why)
            throws IOException {
        Journal journal = new Journal(dataset.store(), Layout.CALIBRATIONS);
        while (true) {
            long number = journal.newest().map(Journal.Entry::number).orElse(0L) + 1;
            Calibration next = new Calibration(number, sampleId, verdict, place, who, when, why);
            if (journal.append(number, next.json())) {
                return next;
            }
        }
    }

    /** The key of the document in its dataset. */
    public String key() {
        return Layout.calibration(number);
    }

    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode()
                .put("number", number)
                .put("sample_id", sampleId)
                .put("verdict", verdict.label())
                .put("who", who)
                .put("when", when.toString())
                .put("why", why);
        json.putObject("commit")
                .put("topic", place.chain.topic())
                .put("topic_id", place.chain.topicId())
                .put("partition", place.chain.partition())
                .put("from", place.from);
        return json;
    }

    private static Calibration parse(Journal.Entry entry) throws IOException {
        JsonNode json = entry.body();
        String key = Layout.calibration(entry.number());
        JsonNode commit = json.path("commit");
        Optional<Verdict> verdict = Verdict.byLabel(json.path("verdict").asText());
        if (verdict.isEmpty()
                || !json.path("sample_id").isTextual()
                || !commit.path("partition").isIntegralNumber()
                || !commit.path("from").isIntegralNumber()) {
            throw new InvalidDocumentException(key + " is no calibration; put it back from a backup");
        }
        try {
            return new Calibration(
                    entry.number(),
                    json.path("sample_id").textValue(),
                    verdict.get(),
                    new Place(
                            new ChainId(
                                    commit.path("topic").asText(),
                                    commit.path("topic_id").asText(),
                                    commit.path("partition").asInt()),
                            commit.path("from").asLong()),
                    json.path("who").asText(),
                    Instant.parse(json.path("when").asText()),
                    json.path("why").asText());
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new InvalidDocumentException(key + " is no calibration; put it back from a backup", e);
        }
    }
}
