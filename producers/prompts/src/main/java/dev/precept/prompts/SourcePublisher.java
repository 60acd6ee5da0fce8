package dev.precept.prompts;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.EndMarker;
import dev.precept.records.PromptEvent;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Brings whole sources to the topic of prompts. Used by one thread. */
final class SourcePublisher {
    private static final int ENVELOPE_BYTES = 512;

    /** Makes the reader of one file's rows. */
    @FunctionalInterface
    interface RowReaderFactory {
        RowReader create(String file, Consumer<String> ignored);
    }

    private final BoundedProducer boundedProducer;
    private final KafkaAccess kafka;
    private final String runId;
    private final RowReaderFactory rowReaderFactory;
    private final InputCounters tally;
    private final LongAdder acknowledged;

    /** @param acknowledged counts the lines the broker has */
    SourcePublisher(
            BoundedProducer boundedProducer,
            KafkaAccess kafka,
            String runId,
            RowReaderFactory rowReaderFactory,
            InputCounters tally,
            LongAdder acknowledged) {
        this.boundedProducer = boundedProducer;
        this.kafka = kafka;
        this.runId = runId;
        this.rowReaderFactory = rowReaderFactory;
        this.tally = tally;
        this.acknowledged = acknowledged;
    }

    /**
     * Sends every line of a source, and when all of them are acknowledged its end marker to every partition.
     *
     * @param sources how many the run has
     * @return whether the broker has all of it; false if the outbox was stopped or failed on the way
     * @throws ConfigurationException if the file is no longer the one that was looked at
     */
    boolean publish(PromptSource source, int sources) throws IOException, InterruptedException {
        requireUnchanged(source);
        if (!sendLines(source)) {
            return false;
        }
        requireUnchanged(source);
        return boundedProducer.awaitAcknowledged() && sendEnds(source, sources) && boundedProducer.awaitAcknowledged();
    }

    private boolean sendLines(PromptSource source) throws IOException, InterruptedException {
        RowReader rows = rowReaderFactory.create(source.name(), field -> tally.ignored(source.name(), field));
        try (PromptReader reader = new PromptReader(source, rows)) {
            for (ParsedRow parsedRow = reader.next(); parsedRow != null; parsedRow = reader.next()) {
                tally.count(parsedRow);
                ProducerRecord<String, SpecificRecord> record =
                        new ProducerRecord<>(topic(), parsedRow.promptId(), new PromptEvent(runId, parsedRow.body()));
                if (!boundedProducer.send(record, ENVELOPE_BYTES + parsedRow.bytes(), acknowledged::increment)) {
                    return false;
                }
            }
            return true;
        }
    }

    private boolean sendEnds(PromptSource source, int sources) throws InterruptedException {
        for (int partition = 0; partition < kafka.partitions(); partition++) {
            PromptEvent end = new PromptEvent(runId, new EndMarker(source.name(), partition, sources, false));
            if (!boundedProducer.send(
                    new ProducerRecord<>(topic(), partition, source.name(), end), ENVELOPE_BYTES, () -> {})) {
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
            throw new ConfigurationException(
                    source.name()
                            + ": changed since the run began; put the file back as it was, or begin a new run in another work folder");
        }
    }
}
