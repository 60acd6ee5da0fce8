package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.schemas.Topics;
import dev.precept.store.ObjectStore;
import dev.precept.store.ParallelCalls;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The runs of a dataset. A run has one key, and one more for each recovery that created its topics again. A run
 * that is closed before it is complete has another one. A key never changes. Thread-safe.
 */
final class Runs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> COMMITTED = List.of(Topics.SAMPLES.name(), Topics.REJECTIONS.name());

    private static final String WORK_FOLDER = "work_folder";
    private static final String STARTED = "started_at";
    private static final String CLOSED = "closed_at";

    private final ObjectStore store;
    private final int partitions;

    /** @param partitions of the topics of a run whose entry does not record them */
    Runs(ObjectStore store, int partitions) {
        this.store = store;
        this.partitions = partitions;
    }

    /** @throws ConfigurationException if the run is registered with other topics: its Kafka cluster was lost */
    void register(
            String runId,
            String identity,
            Map<String, String> topicIds,
            int partitionsOfTopic,
            Optional<String> workFolder)
            throws IOException {
        ObjectNode entry = entry(runId, JSON.readTree(identity), partitionsOfTopic, topicIds);
        workFolder.ifPresent(folder -> entry.put(WORK_FOLDER, folder));
        entry.put(STARTED, now());
        if (store.createIfAbsent(Layout.run(runId), Dataset.pretty(entry))) {
            return;
        }
        Dataset.RunEntry known = find(runId).orElseThrow();
        requireNotClosed(known);
        if (!known.topicIds().equals(ids(entry))) {
            throw new ConfigurationException("run " + runId + ": its Kafka topics no longer exist; "
                    + "'precept recover' with the same options rebuilds its ledger from the dataset");
        }
    }

    /** Registers the topics that a run writes to from now on. Idempotent. */
    void registerRecovery(String runId, Map<String, String> topicIds, Optional<String> workFolder) throws IOException {
        Dataset.RunEntry known = find(runId).orElseThrow();
        requireNotClosed(known);
        int recovery = known.generations().size();
        ObjectNode entry =
                entry(runId, known.identity(), known.partitions(), topicIds).put("recovery", recovery);
        workFolder.ifPresent(folder -> entry.put(WORK_FOLDER, folder));
        if (!known.topicIds().equals(ids(entry))
                && !store.createIfAbsent(Layout.recoveredRun(runId, recovery), Dataset.pretty(entry))) {
            throw new ConfigurationException(
                    "run " + runId + ": another process is recovering it; wait for it, then try again");
        }
    }

    /** @throws ConfigurationException if there is no such run */
    void close(String runId) throws IOException {
        if (find(runId).isEmpty()) {
            throw new ConfigurationException("run " + runId + ": is not a run of " + store.location());
        }
        ObjectNode entry = JSON.createObjectNode().put("run_id", runId).put(CLOSED, now());
        boolean _ = store.createIfAbsent(Layout.closedRun(runId), Dataset.pretty(entry));
    }

    private static void requireNotClosed(Dataset.RunEntry run) {
        if (run.closed().isPresent()) {
            throw new ConfigurationException("run " + run.runId() + ": was closed with 'precept cancel' on "
                    + run.closed().get() + " and cannot be resumed; start another run, with another --work");
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    Optional<Dataset.RunEntry> find(String runId) throws IOException {
        return all().stream().filter(run -> run.runId().equals(runId)).findFirst();
    }

    List<Dataset.RunEntry> all() throws IOException {
        Map<String, TreeMap<Integer, JsonNode>> entries = new LinkedHashMap<>();
        Map<String, Instant> closed = new HashMap<>();
        for (JsonNode entry : ParallelCalls.map(
                store.list(Layout.RUNS).stream()
                        .filter(key -> !Layout.isRunEvidence(key))
                        .toList(),
                ParallelCalls.SMALL_OBJECTS,
                key -> JSON.readTree(store.read(key).orElseThrow()))) {
            if (entry.hasNonNull(CLOSED)) {
                closed.put(
                        entry.required("run_id").textValue(),
                        Instant.parse(entry.required(CLOSED).textValue()));
                continue;
            }
            entries.computeIfAbsent(entry.required("run_id").textValue(), run -> new TreeMap<>())
                    .put(entry.path("recovery").asInt(0), entry);
        }
        List<Dataset.RunEntry> runs = new ArrayList<>();
        entries.forEach((runId, generations) -> runs.add(new Dataset.RunEntry(
                runId,
                generations.firstEntry().getValue().required("identity"),
                generations.firstEntry().getValue().path("partitions").asInt(partitions),
                generations.values().stream().map(Runs::ids).toList(),
                generations.values().stream()
                        .filter(entry -> entry.hasNonNull(WORK_FOLDER))
                        .map(entry -> entry.get(WORK_FOLDER).asText())
                        .reduce((_, later) -> later),
                Optional.ofNullable(generations.firstEntry().getValue().get(STARTED))
                        .map(started -> Instant.parse(started.asText())),
                Optional.ofNullable(closed.get(runId)))));
        return runs;
    }

    private static ObjectNode entry(String runId, JsonNode identity, int partitions, Map<String, String> topicIds) {
        ObjectNode entry = JSON.createObjectNode();
        entry.put("run_id", runId);
        entry.set("identity", identity);
        entry.put("partitions", partitions);
        ObjectNode ids = entry.putObject("topic_ids");
        COMMITTED.forEach(topic -> ids.put(topic, topicIds.get(topic)));
        return entry;
    }

    private static Map<String, String> ids(JsonNode entry) {
        Map<String, String> ids = new TreeMap<>();
        entry.required("topic_ids")
                .properties()
                .forEach(e -> ids.put(e.getKey(), e.getValue().textValue()));
        return ids;
    }
}
