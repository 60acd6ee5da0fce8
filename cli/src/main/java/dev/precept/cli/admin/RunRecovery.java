package dev.precept.cli.admin;

import dev.precept.cli.run.RunBroker;
import dev.precept.cli.run.RunPlan;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.CommittedRun;
import dev.precept.dataset.Dataset;
import dev.precept.judging.EndpointSettings;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Spend;
import dev.precept.runs.FinalProgressFile;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.CommittedSlots;
import dev.precept.streams.ledger.RebuiltLedger;
import dev.precept.streams.maintenance.LedgerRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Rebuilds the ledger of a run whose Kafka was lost from the chains of its dataset. Registers the new topics in the dataset
 * last: if it is killed before that, another recovery starts over.
 */
public final class RunRecovery {
    private final RunPlan plan;
    private final Dataset.RunEntry run;
    private final RecoveredSpend spend;

    /** @throws ConfigurationException if the dataset does not know the run, or the run is released */
    public RunRecovery(RunPlan plan) {
        this.plan = plan;
        String runId = plan.run().runId();
        this.run = plan.dataset()
                .run(runId)
                .orElseThrow(() ->
                        new ConfigurationException("dataset " + plan.dataset().location() + ": run " + runId
                                + " never wrote to it; nothing to recover, run 'precept run'"));
        if (plan.work().read(FinalProgressFile.NAME).isPresent()
                && plan.dataset().versions().has(plan.recipe().release().name())) {
            throw new ConfigurationException("run " + runId + " is complete and released; nothing to recover");
        }
        this.spend = new RecoveredSpend(runId, plan.recipe().workers().judges().map(EndpointSettings::price));
    }

    /**
     * The result of a recovery.
     *
     * @param runProgress slots in flight wait for their prompt
     * @param lostAttempts failed attempts of accepted slots whose rows were not committed
     */
    public record Result(RunProgress runProgress, long lostAttempts) {}

    /** @throws ConfigurationException if Kafka is not lost, or a chain is incomplete */
    public Result rebuildFromChains() throws InterruptedException, IOException {
        return rebuildIfLost()
                .orElseThrow(() -> new ConfigurationException("run " + run.runId() + ": Kafka is not lost, its topics"
                        + " exist; nothing to recover, run 'precept run'"));
    }

    /**
     * As {@link #rebuildFromChains}; empty if Kafka is not lost.
     *
     * @throws ConfigurationException if only a part of Kafka is lost, or a chain is incomplete
     */
    public Optional<Result> rebuildIfLost() throws InterruptedException, IOException {
        CommittedRun committed = CommittedRun.open(plan.dataset(), run);
        try (RunBroker broker = RunBroker.open(plan)) {
            Map<String, String> topics = broker.ensureTopics();
            if (!isLost(topics)) {
                return Optional.empty();
            }
            KafkaAccess kafka = broker.access();
            List<PartitionProgress> progress = new ArrayList<>();
            long lostAttempts = 0;
            try (LedgerRecovery ledgerRecovery = LedgerRecovery.start(kafka, broker.replication(), run.runId())) {
                for (int partition = 0; partition < kafka.partitions(); partition++) {
                    RebuiltLedger ledger = rebuild(committed, partition);
                    ledgerRecovery.write(ledger);
                    progress.add(ledger.progress());
                    lostAttempts += ledger.lostAttempts();
                }
            }
            publish(kafka);
            deleteLocalState(plan.work());
            plan.dataset().registerRecovery(run.runId(), topics, Optional.of(plan.place()));
            return Optional.of(new Result(
                    RunProgress.of(
                            run.runId(),
                            kafka.partitions(),
                            progress,
                            spend.spendRecords().values()),
                    lostAttempts));
        }
    }

    private RebuiltLedger rebuild(CommittedRun committed, int partition) throws IOException {
        CommittedSlots slots = new CommittedSlots(
                run.runId(), partition, plan.recipe().workers().runParameters());
        committed.read(
                partition,
                sample -> {
                    slots.addSample(sample);
                    spend.add(sample);
                },
                rejection -> {
                    slots.addRejection(rejection);
                    spend.add(rejection);
                });
        return slots.rebuild();
    }

    /** Both topics must be gone: rows in a topic that are not in its chain would be written twice. */
    private boolean isLost(Map<String, String> topics) {
        List<String> left = run.topicIds().entrySet().stream()
                .filter(known -> known.getValue().equals(topics.get(known.getKey())))
                .map(known -> plan.run().topicPrefix() + "." + known.getKey())
                .toList();
        if (left.size() == run.topicIds().size()) {
            return false;
        }
        if (!left.isEmpty()) {
            throw new ConfigurationException("run " + run.runId() + ": only part of Kafka is lost, topic "
                    + String.join(", ", left) + " exists; delete the topics that start with "
                    + plan.run().topicPrefix() + ", then recover");
        }
        return true;
    }

    private void publish(KafkaAccess kafka) throws InterruptedException {
        try (Producer<String, SpecificRecord> producer = kafka.producer("recovery-spend")) {
            String topic = kafka.namespace().name(Topics.SPEND);
            for (Map.Entry<String, Spend> entry : spend.spendRecords().entrySet()) {
                producer.send(new ProducerRecord<>(
                                topic, kafka.partitionOf(run.runId()), entry.getKey(), entry.getValue()))
                        .get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish the recovered spend", e.getCause());
        }
    }

    /** Deletes the state that refers to the lost topics. */
    private static void deleteLocalState(WorkFolder work) throws IOException {
        Path state = work.resolve("streams");
        if (Files.exists(state)) {
            try (Stream<Path> below = Files.walk(state)) {
                for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        work.delete("published");
    }
}
