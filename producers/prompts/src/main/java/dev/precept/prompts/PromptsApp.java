package dev.precept.prompts;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Run;
import dev.precept.records.RunParameters;
import dev.precept.records.SpecBundle;
import dev.precept.runtime.App;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.spec.Specification;
import dev.precept.text.contamination.ContaminationDetector;
import dev.precept.text.contamination.EvaluationIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the specification, the run and then each source: its rows, followed by its end markers. A checkpoint in the
 * work folder says what the broker has acknowledged; a restart sends the rest, and repeats a few thousand rows, which the
 * ledger deduplicates. Thread-safe.
 */
public final class PromptsApp implements App {
    private static final Logger log = LoggerFactory.getLogger(PromptsApp.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaAccess kafka;
    private final String runId;
    private final String identity;
    private final List<PromptSource> sources;
    private final PromptSettings settings;
    private final Specification specification;
    private final RunParameters runParameters;
    private final EvaluationIndex evaluationSets;
    private final PublishCheckpoint checkpoint;
    private final LongAdder acknowledged = new LongAdder();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    /** As the record of the run says; all rows of the dataset are in this order. */
    private Instant openedAt;

    private volatile boolean done;
    private @Nullable BoundedProducer boundedProducer;
    private @Nullable Thread sender;

    /**
     * Creates the app; nothing is sent before {@link #start}.
     *
     * @param work holds the checkpoint
     * @param identity identity of the run, as canonical JSON
     * @param sources result of {@link SourceFiles#check}
     * @param settings the names of the fields in the files
     * @param evaluationSets what the prompts are compared with
     */
    public PromptsApp(
            KafkaAccess kafka,
            WorkFolder work,
            String runId,
            String identity,
            List<PromptSource> sources,
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters,
            EvaluationIndex evaluationSets) {
        this.kafka = kafka;
        this.runId = runId;
        this.identity = identity;
        this.sources = List.copyOf(sources);
        this.settings = settings;
        this.specification = specification;
        this.runParameters = runParameters;
        this.evaluationSets = evaluationSets;
        this.checkpoint = PublishCheckpoint.loadOrCreate(work, runId, InstantSource.system());
        this.openedAt = checkpoint.openedAt();
        for (PromptSource source : this.sources) {
            acknowledged.add(checkpoint.publishedRows(source));
        }
        this.done = this.sources.stream().allMatch(checkpoint::isPublished);
    }

    @Override
    public String name() {
        return "prompts";
    }

    /**
     * Starts sending. Of a source that an earlier process has published only the end markers are sent again, in case one of
     * them could not be decoded: a repeated one changes nothing.
     */
    @Override
    public synchronized void start() {
        if (sender == null) {
            BoundedProducer opened = new BoundedProducer(kafka.producer(name()));
            boundedProducer = opened;
            sender = Thread.ofPlatform().name(name()).start(() -> work(opened));
        }
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Acknowledged rows, including those of sources that an earlier process published. */
    public long published() {
        return acknowledged.sum();
    }

    @Override
    public boolean isFinished() {
        return done;
    }

    /** Whether the broker has acknowledged every row and every end marker. */
    public boolean done() {
        return done;
    }

    private void work(BoundedProducer opened) {
        try {
            boolean all = publishHead(opened) && publishSources(opened);
            done |= all;
            opened.failure().ifPresent(this::fail);
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot read a source of prompts", e));
        } catch (InterruptedException | RuntimeException e) {
            if (opened.stopped()) {
                log.atDebug().setCause(e).log("stopped while waiting");
            } else {
                fail(e);
            }
        }
    }

    /** The run and its specification come first, so that a consumer of a prompt finds both. */
    private boolean publishHead(BoundedProducer opened) throws InterruptedException {
        String bundle = new String(specification.compile(), StandardCharsets.UTF_8);
        return opened.awaitTopic(kafka.namespace().name(Topics.PROMPTS))
                && send(opened, Topics.SPECS, specification.version(), new SpecBundle(specification.version(), bundle))
                && sendRun(opened)
                && opened.awaitAcknowledged();
    }

    /** Does not overwrite an existing record: an operator may have paused the run or changed its budget. */
    private boolean sendRun(BoundedProducer opened) throws InterruptedException {
        try (CompactedTopic<Run> runs = new CompactedTopic<>(kafka, Topics.RUNS)) {
            Run known = runs.readToEnd().get(runId);
            if (known != null) {
                openedAt = known.getOpenedAt();
            }
            return known != null
                    || send(
                            opened,
                            Topics.RUNS,
                            runId,
                            new Run(runId, identity, sources.size(), openedAt, false, false, null));
        }
    }

    private <V extends SpecificRecord> boolean send(BoundedProducer opened, Topic<V> topic, String key, V value)
            throws InterruptedException {
        String name = kafka.namespace().name(topic);
        return opened.awaitTopic(name) && opened.send(new ProducerRecord<>(name, key, value), 1 << 20, at -> {});
    }

    private boolean publishSources(BoundedProducer opened) throws IOException, InterruptedException {
        long open = settings.openSlots();
        ContaminationDetector contamination = new ContaminationDetector(evaluationSets);
        try (OpenSlotWindow window = new OpenSlotWindow(
                runId,
                open,
                runParameters.getSamples(),
                checkpoint.isResumed() ? 0 : open,
                OpenSlotWindow.topic(kafka),
                System::nanoTime)) {
            return publishSources(new SourcePublisher(
                    opened,
                    kafka,
                    runId,
                    openedAt,
                    settings.quotas(),
                    file -> new RowReader(file, settings, specification, runParameters, contamination),
                    acknowledged,
                    window,
                    checkpoint));
        }
    }

    private boolean publishSources(SourcePublisher sourcePublisher) throws IOException, InterruptedException {
        for (PromptSource source : sources) {
            if (checkpoint.isPublished(source)) {
                if (!sourcePublisher.repeatEnds(source, sources.size())) {
                    return false;
                }
                continue;
            }
            if (!sourcePublisher.publish(source, sources.size())) {
                return false;
            }
            checkpoint.markPublished(source);
            log.atInfo()
                    .addKeyValue("file", source.name())
                    .addKeyValue("rows", source.selectedRows())
                    .log("published a source");
        }
        return true;
    }

    private void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        log.atError().setCause(cause).log("cannot publish prompts");
    }

    /** Stops between two rows; the next process sends an incomplete source again. */
    @Override
    public synchronized void close() {
        BoundedProducer opened = boundedProducer;
        Thread sending = sender;
        if (opened == null || sending == null) {
            return;
        }
        opened.stop();
        boolean interrupted = false;
        try {
            if (!sending.join(STOP_TIMEOUT)) {
                sending.interrupt();
                sending.join();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        opened.close();
        boundedProducer = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
