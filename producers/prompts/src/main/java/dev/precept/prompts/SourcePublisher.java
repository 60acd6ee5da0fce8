package dev.precept.prompts;

import dev.precept.config.ConfigurationException;
import dev.precept.config.QuotaSettings;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.EndMarker;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes sources to the prompts topic, as fast as slots end. Not thread-safe. */
final class SourcePublisher {
    private static final int ENVELOPE_BYTES = 512;
    /** A restart sends at most these rows again. */
    private static final int ROWS_PER_CHECKPOINT = 5_000;

    /** Creates the reader of a file's rows. */
    @FunctionalInterface
    interface RowReaderFactory {
        RowReader create(String file);
    }

    private final BoundedProducer boundedProducer;
    private final KafkaAccess kafka;
    private final String runId;
    private final Instant openedAt;
    private final QuotaSettings quotas;
    private final RowReaderFactory rowReaderFactory;
    private final LongAdder acknowledged;
    private final OpenSlotWindow window;
    private final PublishCheckpoint checkpoint;

    /**
     * @param openedAt when the run was opened
     * @param quotas whose limits are sent with prompts
     * @param acknowledged counts the acknowledged rows
     */
    SourcePublisher(
            BoundedProducer boundedProducer,
            KafkaAccess kafka,
            String runId,
            Instant openedAt,
            QuotaSettings quotas,
            RowReaderFactory rowReaderFactory,
            LongAdder acknowledged,
            OpenSlotWindow window,
            PublishCheckpoint checkpoint) {
        this.boundedProducer = boundedProducer;
        this.kafka = kafka;
        this.runId = runId;
        this.openedAt = openedAt;
        this.quotas = quotas;
        this.rowReaderFactory = rowReaderFactory;
        this.acknowledged = acknowledged;
        this.window = window;
        this.checkpoint = checkpoint;
    }

    /**
     * Sends every row of a source that the checkpoint does not have and, once all are acknowledged, an end marker to every
     * partition.
     *
     * @param sources number of sources of the run
     * @return whether everything is acknowledged; false if the producer was stopped or failed
     * @throws ConfigurationException if the file has changed since it was checked
     */
    boolean publish(PromptSource source, int sources) throws IOException, InterruptedException {
        requireUnchanged(source);
        if (!sendLines(source)) {
            return false;
        }
        requireUnchanged(source);
        return boundedProducer.awaitAcknowledged() && sendEnds(source, sources) && boundedProducer.awaitAcknowledged();
    }

    /** Sends the end markers of a published source again; returns whether all are acknowledged. */
    boolean repeatEnds(PromptSource source, int sources) throws InterruptedException {
        return sendEnds(source, sources) && boundedProducer.awaitAcknowledged();
    }

    private boolean sendLines(PromptSource source) throws IOException, InterruptedException {
        RowReader rows = rowReaderFactory.create(source.name());
        try (PromptReader reader = new PromptReader(source, rows)) {
            long published = checkpoint.publishedRows(source);
            long row = 0;
            for (ParsedRow parsedRow = reader.next(); parsedRow != null; parsedRow = reader.next()) {
                row++;
                if (row > published && !sendLine(parsedRow)) {
                    return false;
                }
                if (row >= published + ROWS_PER_CHECKPOINT) {
                    if (!boundedProducer.awaitAcknowledged()) {
                        return false;
                    }
                    checkpoint.markRows(source, row);
                    published = row;
                }
            }
            return true;
        }
    }

    private boolean sendLine(ParsedRow parsedRow) throws InterruptedException {
        if (!window.await(parsedRow.slots(), boundedProducer::isOpen)) {
            return false;
        }
        if (parsedRow.body() instanceof Prompt prompt) {
            prompt.setRunOpenedAt(openedAt);
            prompt.setLimits(CategoryLimits.of(prompt, quotas, kafka.partitions()));
        }
        ProducerRecord<String, SpecificRecord> record =
                new ProducerRecord<>(topic(), parsedRow.promptId(), new PromptEvent(runId, parsedRow.body()));
        record.headers().add(Topics.RUN_HEADER, runId.getBytes(StandardCharsets.UTF_8));
        window.sending();
        return boundedProducer.send(record, ENVELOPE_BYTES + parsedRow.bytes(), at -> {
            window.acknowledged(at);
            acknowledged.increment();
        });
    }

    private boolean sendEnds(PromptSource source, int sources) throws InterruptedException {
        for (int partition = 0; partition < kafka.partitions(); partition++) {
            PromptEvent end = new PromptEvent(runId, new EndMarker(source.name(), partition, sources, false));
            if (!boundedProducer.send(
                    new ProducerRecord<>(topic(), partition, source.name(), end), ENVELOPE_BYTES, at -> {})) {
                return false;
            }
        }
        return true;
    }

    private String topic() {
        return kafka.namespace().name(Topics.PROMPTS);
    }

    private static void requireUnchanged(PromptSource source) throws IOException {
        boolean same = Files.exists(source.path())
                && Files.size(source.path()) == source.bytes()
                && Files.getLastModifiedTime(source.path()).toMillis() == source.modified();
        if (!same) {
            throw new ConfigurationException(source.name()
                    + ": changed since the run started; restore the file, or start a new run in another work folder");
        }
    }
}
