package dev.precept.factory;

import dev.precept.runtime.config.ConfigurationException;
import dev.precept.runtime.kafka.KafkaAccess;
import dev.precept.sinks.Audit;
import dev.precept.sinks.Dataset;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** {@code precept topics clean}: says what goes, and removes it. */
record CleanCommand(KafkaAccess kafka, Dataset dataset, PrintStream out) {
    private static final String DATASET = "the dataset, its chains and versions stay as they are";

    /** @throws ConfigurationException if the dataset was made with other topics than the recipe names */
    void requireSamePlace() {
        if (!dataset.topicPrefix().equals(kafka.namespace().prefix())) {
            throw new ConfigurationException("topics.prefix: the dataset " + dataset.location() + " was made with "
                    + dataset.topicPrefix() + ", not " + kafka.namespace().prefix() + "; give that");
        }
        if (dataset.partitions() != kafka.partitions()) {
            throw new ConfigurationException("topics.partitions: the dataset " + dataset.location() + " was made with "
                    + dataset.partitions() + ", not " + kafka.partitions() + "; give that");
        }
    }

    /** @param remove whether it is done, or only said */
    void run(String runId, boolean remove) throws InterruptedException, IOException {
        Clean clean = Clean.of(kafka, dataset, runId);
        Clean.Left left = clean.left();
        left.records().forEach((topic, count) -> out.println(topic + "  " + count + " offsets"));
        left.keys().forEach((topic, keys) -> {
            if (!keys.isEmpty()) {
                out.println(kafka.namespace().name(topic) + "  " + keys.size() + " keys");
            }
        });
        if (left.isNothing()) {
            out.println("run " + runId + ": nothing of it is left to remove");
        } else if (remove) {
            Actor.notes(dataset, Audit.Act.CLEAN, Map.of("run", runId));
            clean.remove(left);
            out.println("run " + runId + ": removed; " + DATASET);
        } else {
            out.println("run " + runId + ": would be removed");
        }
    }

    /** @param remove whether it is done, or only said */
    void everything(boolean remove) throws InterruptedException, IOException {
        Clean.requireClosed(dataset);
        CleanAll all = CleanAll.of(kafka);
        all.topics().forEach(topic -> out.println("topic " + topic));
        all.groups().forEach(group -> out.println("group " + group));
        out.println("schemas of " + kafka.namespace().prefix() + ".*");
        if (remove) {
            all.requireIdle();
            Actor.notes(
                    dataset, Audit.Act.CLEAN, Map.of("all", kafka.namespace().prefix()));
            all.remove();
            out.println("removed; " + DATASET);
        } else {
            out.println("would be removed; give --yes to remove it");
        }
    }
}
