package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.evidence.RunEvidence;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionComplete;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink that sees a run complete on every chain stores its evidence, and the next one if it cannot. */
class SinkEvidenceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static SinkFixture sink(String name, String spool) throws Exception {
        Path own = folder.resolve(name);
        SinkFixture sink = new SinkFixture(
                broker.address(), own, name, SinkFixture.LATE, own.resolve("dataset"), own.resolve(spool));
        Dataset.openExisting(own.resolve("dataset"))
                .register(NeutralRows.RUN, "{}", DatasetTopics.ensure(sink.kafka(), (short) 1));
        return sink;
    }

    private static void publish(KafkaAccess kafka, Spend... reports) {
        try (Producer<String, SpecificRecord> producer = kafka.producer("worker")) {
            for (Spend report : reports) {
                var _ = producer.send(new ProducerRecord<>(
                        kafka.namespace().name(Topics.SPEND),
                        kafka.partitionOf(report.getRunId()),
                        report.getRunId() + "|" + report.getRole() + "|" + report.getWorker(),
                        report));
            }
        }
    }

    private static void endRejections(KafkaAccess kafka) {
        try (Producer<String, SpecificRecord> producer = kafka.producer("topology")) {
            var _ = producer.send(new ProducerRecord<>(
                    kafka.namespace().name(Topics.REJECTIONS),
                    0,
                    "key",
                    new RejectionEvent(NeutralRows.RUN, new PartitionComplete(0, 3L, 3L, 0L, 0L))));
        }
    }

    private static Optional<RunEvidence> evidence(SinkFixture sink) throws Exception {
        return RunEvidence.read(Dataset.openExisting(sink.dataset()), NeutralRows.RUN);
    }

    private static RunEvidence awaitEvidence(SinkFixture sink) {
        Awaitility.await("the evidence of the run")
                .atMost(SinkFixture.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> evidence(sink).isPresent());
        try {
            return evidence(sink).orElseThrow();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itIsStoredWhenTheLastChainIsCompleteAndNotBefore() throws Exception {
        try (SinkFixture sink = sink("last", "spool")) {
            sink.app().start();
            publish(
                    sink.kafka(),
                    SpendSettlementTest.report(NeutralRows.RUN, "judge-0|a", true, 0),
                    SpendSettlementTest.report("another", "judge-0|b", true, 0));
            sink.stream().publish(3);
            sink.stream().end();
            SampleStream.awaitEnd(sink.dataset());
            assertThat(evidence(sink)).isEmpty();
            endRejections(sink.kafka());
            RunEvidence stored = awaitEvidence(sink);
            assertThat(Objects.requireNonNull(stored.roles().get("judge")).calls())
                    .isEqualTo(7);
            assertThat(stored.unsettled()).isZero();
        }
    }

    /** As after the death of a sink between its last commit and the document. */
    @Test
    void aSinkThatStartsStoresWhatTheOneBeforeItDidNot() throws Exception {
        try (SinkFixture first = sink("healed", "spool")) {
            first.app().start();
            publish(first.kafka(), SpendSettlementTest.report(NeutralRows.RUN, "judge-0|a", true, 0));
            first.stream().publish(1);
            first.stream().end();
            endRejections(first.kafka());
            awaitEvidence(first);
        }
        Files.delete(folder.resolve("healed/dataset").resolve(Layout.runEvidence(NeutralRows.RUN)));
        try (SinkFixture second = sink("healed", "spool-2")) {
            second.app().start();
            assertThat(awaitEvidence(second).roles()).containsOnlyKeys("judge");
        }
    }

    /** Its last report is all that is left of a killed worker: it counts, and the document says that more may be missing. */
    @Test
    void theLastReportOfAKilledWorkerIsInTheEvidence() throws Exception {
        try (SinkFixture sink = sink("killed", "spool")) {
            sink.app().start();
            Spend successor = SpendSettlementTest.report(NeutralRows.RUN, "judge-0|b", true, 0);
            successor.setAsOf(successor.getAsOf().plusSeconds(30));
            publish(sink.kafka(), SpendSettlementTest.report(NeutralRows.RUN, "judge-0|a", false, 4), successor);
            sink.stream().publish(1);
            sink.stream().end();
            endRejections(sink.kafka());
            RunEvidence stored = awaitEvidence(sink);
            assertThat(Objects.requireNonNull(stored.roles().get("judge")).calls())
                    .isEqualTo(14);
            assertThat(stored.unsettled()).isEqualTo(1);
        }
    }
}
