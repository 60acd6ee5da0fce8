package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainCommits;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.ChainReader;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A dataset in its store: identity, runs, chains and versions. Thread-safe. */
public final class Dataset {
    /** The member of a run's identity with the hash of the evaluation sets that its prompts were compared with. */
    public static final String EVALUATION_SETS = "contamination.compiled";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private final Runs runs;
    private final String id;
    private final String topicPrefix;
    private final int partitions;
    private final CompletedRuns completed = new CompletedRuns();
    private final ChainReader chainReader;

    private Dataset(ObjectStore store, JsonNode identity) {
        this.store = store;
        this.chainReader = new ChainReader(store);
        this.id = identity.required("dataset_id").textValue();
        this.topicPrefix = identity.required("topic_prefix").textValue();
        this.partitions = identity.required("partitions").intValue();
        this.runs = new Runs(store, partitions);
    }

    /**
     * A run that writes to the dataset.
     *
     * @param partitions of each of its topics
     * @param generations topic ids by topic name; the first is the original one, each recovery adds one
     * @param workFolder machine and path of the work folder that registered the run last, as {@code machine:path}
     * @param started when the run was registered; empty where that was not recorded
     * @param closed when the run was closed in the dataset, whatever of it was unfinished; empty if it was not
     */
    public record RunEntry(
            String runId,
            JsonNode identity,
            int partitions,
            List<Map<String, String>> generations,
            Optional<String> workFolder,
            Optional<Instant> started,
            Optional<Instant> closed) {
        /** Ids of the topics that the run writes to now. */
        public Map<String, String> topicIds() {
            return generations.getLast();
        }
    }

    /**
     * Opens a dataset for writing and creates it if it does not exist.
     *
     * @param partitions of a new dataset; an existing one keeps its own
     * @throws ConfigurationException if the location is not writable, or does not support create-if-absent
     */
    public static Dataset open(StoreLocation location, int partitions) {
        return DatasetOpening.openOrCreate(location, partitions, Optional.empty());
    }

    /**
     * Opens a dataset for the topics that a recipe names, and creates it if it does not exist.
     *
     * @param partitions required of every topic
     * @param topicPrefix required prefix; if empty, a new dataset derives one from its name and an existing one keeps its own
     * @throws ConfigurationException if the dataset was made with other topics, or cannot be opened
     */
    public static Dataset open(StoreLocation location, int partitions, Optional<String> topicPrefix) {
        Dataset dataset = DatasetOpening.openOrCreate(location, partitions, topicPrefix);
        topicPrefix.filter(wanted -> !wanted.equals(dataset.topicPrefix())).ifPresent(wanted -> {
            throw new ConfigurationException("topics.prefix: the dataset " + location + " was made with "
                    + dataset.topicPrefix() + ", not " + wanted + "; give that, or another dataset");
        });
        dataset.requirePartitions(partitions);
        return dataset;
    }

    /** @throws ConfigurationException if the topics that a recipe names have another number of partitions */
    public void requirePartitions(int wanted) {
        if (wanted != partitions) {
            throw new ConfigurationException("topics.partitions: the dataset " + location() + " was made with "
                    + partitions + ", not " + wanted + "; give " + partitions + ", or another dataset");
        }
    }

    /** As {@link #open(StoreLocation, int)}, in a folder. */
    public static Dataset open(Path folder, int partitions) {
        return open(new StoreLocation.Folder(folder), partitions);
    }

    /**
     * Opens an existing dataset for writing.
     *
     * @throws ConfigurationException if it does not exist
     */
    public static Dataset openExisting(StoreLocation location) {
        return DatasetOpening.openExisting(location, DatasetLocation::open);
    }

    /** As {@link #openExisting(StoreLocation)}, in a folder. */
    public static Dataset openExisting(Path folder) {
        return openExisting(new StoreLocation.Folder(folder));
    }

    /**
     * Opens an existing dataset with read access only. Nothing is created in its location.
     *
     * @throws ConfigurationException if it does not exist
     */
    public static Dataset openReadOnly(StoreLocation location) {
        return DatasetOpening.openExisting(location, DatasetLocation::openReadOnly);
    }

    /** Opens a dataset with read access only, if there is one. */
    public static Optional<Dataset> find(StoreLocation location) {
        return DatasetOpening.find(location, DatasetLocation::openReadOnly);
    }

    public static Dataset openExisting(ObjectStore store) throws IOException {
        byte[] identity = store.read(Layout.IDENTITY).orElseThrow();
        try {
            return new Dataset(store, JSON.readTree(identity));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("dataset " + store.location() + ": " + Layout.IDENTITY
                    + " is not readable (" + e.getMessage() + ")");
        }
    }

    public String id() {
        return id;
    }

    public String topicPrefix() {
        return topicPrefix;
    }

    public int partitions() {
        return partitions;
    }

    public String location() {
        return store.location();
    }

    public ObjectStore store() {
        return store;
    }

    /** The released versions. */
    public Versions versions() {
        return new Versions(store);
    }

    /** Movable names of versions. */
    public Refs refs() {
        return new Refs(store);
    }

    /** As {@link #register(String, String, Map, int)}, with the partitions of the dataset. */
    public void register(String runId, String identity, Map<String, String> topicIds) {
        register(runId, identity, topicIds, partitions);
    }

    /** As {@link #register(String, String, Map)}, with the work folder of the run, as {@code machine:path}. */
    public void register(String runId, String identity, Map<String, String> topicIds, String workFolder) {
        register(runId, identity, topicIds, partitions, Optional.of(workFolder));
    }

    /**
     * Registers a run and the topics it writes to. Idempotent.
     *
     * @param identity canonical JSON
     * @param partitionsOfTopic how many partitions each of the topics has
     * @throws ConfigurationException if the run is registered with other topics: its Kafka cluster was lost
     */
    public void register(String runId, String identity, Map<String, String> topicIds, int partitionsOfTopic) {
        register(runId, identity, topicIds, partitionsOfTopic, Optional.empty());
    }

    private void register(
            String runId,
            String identity,
            Map<String, String> topicIds,
            int partitionsOfTopic,
            Optional<String> workFolder) {
        try {
            runs.register(runId, identity, topicIds, partitionsOfTopic, workFolder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot register run " + runId + " in " + location(), e);
        }
    }

    /**
     * Registers that a run was recovered and writes to other topics from now on. Its earlier commits remain part of it.
     *
     * @throws ConfigurationException if another process recovers the run at the same time
     */
    public void registerRecovery(String runId, Map<String, String> topicIds) {
        registerRecovery(runId, topicIds, Optional.empty());
    }

    /** As {@link #registerRecovery(String, Map)}, with the work folder of the run, as {@code machine:path}. */
    public void registerRecovery(String runId, Map<String, String> topicIds, Optional<String> workFolder) {
        try {
            runs.registerRecovery(runId, topicIds, workFolder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot register the recovery of run " + runId + " in " + location(), e);
        }
    }

    /**
     * Closes a run that is not complete and that no process can complete, because its Kafka is lost. Its committed rows stay;
     * slots without an end have none. The run cannot be resumed. Idempotent.
     *
     * @throws ConfigurationException if there is no such run
     */
    public void close(String runId) {
        try {
            runs.close(runId);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close run " + runId + " in " + location(), e);
        }
    }

    /** Stores a compiled specification with the rows that refer to it. */
    public void storeSpecification(String version, String bundle) {
        try {
            store.createIfAbsent(Layout.specification(version), bundle.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the specification in " + location(), e);
        }
    }

    /** Stores compiled evaluation sets with the runs whose prompts were compared with them. */
    public void storeEvaluationSets(String sha256, byte[] compiled) {
        try {
            store.createIfAbsent(Layout.evaluation(sha256), compiled);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the compiled evaluation sets in " + location(), e);
        }
    }

    /** Stores a prompt of the user's own with the rows that name it by its hash. */
    public void storeTemplate(String sha256, String text) {
        try {
            store.createIfAbsent(Layout.template(sha256), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store a prompt template in " + location(), e);
        }
    }

    /** All runs of this dataset, by id. */
    public List<RunEntry> runs() {
        try {
            return runs.all();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the runs of " + location(), e);
        }
    }

    /** A run of this dataset, by id. */
    public Optional<RunEntry> run(String runId) {
        return runs().stream().filter(run -> run.runId().equals(runId)).findFirst();
    }

    /** Whether every chain that the run writes to has its last record. A call reads only the commits since the last one. */
    public boolean isComplete(String runId) {
        try {
            Optional<RunEntry> run = run(runId);
            if (run.isEmpty()) {
                return false;
            }
            for (Chain chain : currentChains(run.get())) {
                if (!completed.isCompleted(chain, runId)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the chains of " + location(), e);
        }
    }

    /**
     * The runs that are neither complete nor closed, by id.
     *
     * @throws StoreException.Corrupt if a chain has a gap, or belongs to no run
     */
    public List<String> openRuns() throws IOException {
        List<RunEntry> all =
                runsOfAllChains().stream().filter(run -> run.closed().isEmpty()).toList();
        Map<ChainId, Chain> chains = new LinkedHashMap<>();
        all.forEach(run -> currentChains(run).forEach(chain -> chains.put(chain.id(), chain)));
        Map<ChainId, Set<String>> completedRuns = new HashMap<>();
        for (ChainCommits each : chainReader.read(chains.values())) {
            completedRuns.put(each.chain().id(), each.completedRuns());
        }
        return all.stream()
                .filter(run -> currentChains(run).stream()
                        .anyMatch(chain -> !completedRuns
                                .getOrDefault(chain.id(), Set.of())
                                .contains(run.runId())))
                .map(RunEntry::runId)
                .toList();
    }

    /**
     * As {@link #runs}, for an operation on all rows.
     *
     * @throws StoreException.Corrupt if a chain belongs to no run
     */
    List<RunEntry> runsOfAllChains() throws IOException {
        Set<String> logged = RunsOfChains.logged(store);
        List<RunEntry> all = runs();
        RunsOfChains.require(store, logged, all);
        return all;
    }

    private List<Chain> currentChains(RunEntry run) {
        return chains(run.topicIds(), run.partitions());
    }

    /** Reads the commits of chains, each once in the life of this object. */
    public ChainReader chainReader() {
        return chainReader;
    }

    /** The chains of a run, oldest topics first. */
    List<Chain> chains(RunEntry run) {
        return run.generations().stream()
                .flatMap(ids -> chains(ids, run.partitions()).stream())
                .toList();
    }

    private List<Chain> chains(Map<String, String> topicIds, int partitions) {
        List<Chain> chains = new ArrayList<>();
        topicIds.forEach((topic, topicId) -> {
            for (int partition = 0; partition < partitions; partition++) {
                chains.add(new Chain(store, new ChainId(topic, topicId, partition)));
            }
        });
        return chains;
    }

    /** The chains of one topic over all runs, in a fixed order. */
    public List<Chain> chainsOf(String topic) {
        Map<ChainId, Chain> chains = new LinkedHashMap<>();
        runs().forEach(run -> chains(run).forEach(chain -> chains.putIfAbsent(chain.id(), chain)));
        return chains.values().stream()
                .filter(chain -> chain.id().topic().equals(topic))
                .toList();
    }

    public static byte[] pretty(JsonNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
