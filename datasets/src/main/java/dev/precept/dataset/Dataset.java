package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.store.ObjectStore;
import dev.precept.store.location.StoreLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A dataset in its store: who it is, the runs that fed it, their chains, its versions. Thread-safe. */
public final class Dataset {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private final Runs runs;
    private final String id;
    private final String topicPrefix;
    private final int partitions;
    private final CompletedRuns completed = new CompletedRuns();

    private Dataset(ObjectStore store, JsonNode identity) {
        this.store = store;
        this.runs = new Runs(store);
        this.id = identity.required("dataset_id").textValue();
        this.topicPrefix = identity.required("topic_prefix").textValue();
        this.partitions = identity.required("partitions").intValue();
    }

    /**
     * A run as the dataset knows it.
     *
     * @param generations the ids of its topics by name, those of its beginning first: each recovery made them anew
     */
    public record RunEntry(String runId, JsonNode identity, List<Map<String, String>> generations) {
        /** Of the topics that it writes to now. */
        public Map<String, String> topicIds() {
            return generations.getLast();
        }
    }

    /**
     * Opens a dataset to write, making it if there is none.
     *
     * @param partitions of a new dataset; an old one keeps its own
     * @throws ConfigurationException if the place cannot be written, or cannot create a key only once
     */
    public static Dataset open(StoreLocation location, int partitions) {
        return open(location, partitions, Optional.empty());
    }

    /**
     * As {@link #open(StoreLocation, int)}.
     *
     * @param topicPrefix that it must have; without one a new dataset makes one of its name, and an old one keeps its own
     */
    public static Dataset open(StoreLocation location, int partitions, Optional<String> topicPrefix) {
        ObjectStore store = DatasetLocation.open(location, location::open);
        try {
            if (store.read(Layout.IDENTITY).isEmpty()) {
                String id = UUID.randomUUID().toString();
                ObjectNode identity = JSON.createObjectNode();
                identity.put("dataset_id", id);
                identity.put("topic_prefix", topicPrefix.orElseGet(() -> prefix(location.name(), id)));
                identity.put("partitions", partitions);
                store.createIfAbsent(Layout.IDENTITY, pretty(identity));
            }
            Dataset dataset = openExisting(store);
            topicPrefix.filter(wanted -> !wanted.equals(dataset.topicPrefix())).ifPresent(wanted -> {
                throw new ConfigurationException("topics.prefix: the dataset " + location + " was made with "
                        + dataset.topicPrefix() + ", not " + wanted + "; give that, or another dataset");
            });
            return dataset;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the dataset " + location, e);
        }
    }

    /** As {@link #open(StoreLocation, int)}, in a folder. */
    public static Dataset open(Path folder, int partitions) {
        return open(new StoreLocation.Folder(folder), partitions);
    }

    /**
     * Opens a dataset to write that must be there.
     *
     * @throws ConfigurationException if it is not
     */
    public static Dataset openExisting(StoreLocation location) {
        return openExisting(location, location::open);
    }

    /** As {@link #openExisting(StoreLocation)}, in a folder. */
    public static Dataset openExisting(Path folder) {
        return openExisting(new StoreLocation.Folder(folder));
    }

    /**
     * Opens a dataset that must be there, for somebody who may only read it.
     *
     * @throws ConfigurationException if it is not
     */
    public static Dataset openReadOnly(StoreLocation location) {
        return openExisting(location, location::openReadOnly);
    }

    private static Dataset openExisting(StoreLocation location, DatasetLocation.StoreOpener storeOpener) {
        ConfigurationException none = new ConfigurationException(
                "dataset " + location + ": there is no dataset here; 'precept run' makes one");
        if (location instanceof StoreLocation.Folder(Path folder) && !Files.exists(folder.resolve(Layout.IDENTITY))) {
            throw none; // opening the folder would make it
        }
        ObjectStore store = DatasetLocation.open(location, storeOpener);
        try {
            if (store.read(Layout.IDENTITY).isEmpty()) {
                throw none;
            }
            return openExisting(store);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the dataset " + location, e);
        }
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

    private static String prefix(String name, String id) {
        String readable = (name.isEmpty() ? "dataset" : name).replaceAll("[^A-Za-z0-9_-]", "-");
        return readable.substring(0, Math.min(40, readable.length())) + "-" + id.substring(0, 8);
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

    /** What was released, by name. */
    public Versions versions() {
        return new Versions(store);
    }

    /** The movable names. */
    public Refs refs() {
        return new Refs(store);
    }

    /**
     * Notes a run and the topics it writes. Noting it again is no change.
     *
     * @param identity canonical JSON
     * @throws ConfigurationException if the run is known with other topics: its Kafka was lost
     */
    public void register(String runId, String identity, Map<String, String> topicIds) {
        try {
            runs.register(runId, identity, topicIds);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note run " + runId + " in " + location(), e);
        }
    }

    /**
     * Notes that a run was recovered and writes to other topics from now on; what it wrote before stays part of it.
     *
     * @throws ConfigurationException if another process does so as well
     */
    public void registerRecovery(String runId, Map<String, String> topicIds) {
        try {
            runs.registerRecovery(runId, topicIds);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the recovery of run " + runId + " in " + location(), e);
        }
    }

    /** Keeps a compiled specification beside the rows that refer to it. */
    public void storeSpecification(String version, String bundle) {
        try {
            store.createIfAbsent(Layout.specification(version), bundle.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the specification in " + location(), e);
        }
    }

    /** Every run that ever fed this dataset, by id. */
    public List<RunEntry> runs() {
        try {
            return runs.all();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the runs of " + location(), e);
        }
    }

    /** A run, if it ever fed this dataset. */
    public Optional<RunEntry> run(String runId) {
        return runs().stream().filter(run -> run.runId().equals(runId)).findFirst();
    }

    /** Whether every chain that the run writes now holds its last record. Cheap to ask again: each chain is read on from where it was. */
    public boolean isComplete(String runId) {
        try {
            Optional<RunEntry> run = run(runId);
            if (run.isEmpty()) {
                return false;
            }
            for (Chain chain : chains(run.get().topicIds())) {
                if (!completed.isCompleted(chain, runId)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the chains of " + location(), e);
        }
    }

    /** The chains of a run, of its oldest topics first. */
    List<Chain> chains(RunEntry run) {
        return run.generations().stream().flatMap(ids -> chains(ids).stream()).toList();
    }

    private List<Chain> chains(Map<String, String> topicIds) {
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
