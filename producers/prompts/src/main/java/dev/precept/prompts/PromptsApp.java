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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * Publishes the prompts of a run: first what was asked for and the specification, then each source, its lines before its
 * end markers. A source is noted in the work folder when the broker has all of it; a restart skips what is noted and sends
 * the rest again from the beginning, which changes nothing in the ledger. Thread-safe.
 */
public final class PromptsApp implements App {
    private static final Logger log = LoggerFactory.getLogger(PromptsApp.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final KafkaAccess kafka;
    private final String runId;
    private final String identity;
    private final List<PromptSource> sources;
    private final PromptSettings settings;
    private final Specification specification;
    private final RunParameters runParameters;
    private final PublishCheckpoint note;
    private final InputCounters tally = new InputCounters();
    private final LongAdder acknowledged = new LongAdder();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean done;
    private @Nullable BoundedProducer boundedProducer;
    private @Nullable Thread sender;

    /**
     * Wires the app; nothing is sent before {@link #start}.
     *
     * @param work where published sources are noted
     * @param identity what makes the run this one, as canonical JSON
     * @param sources as {@link SpecFiles#check} found them
     * @param settings say what the files call the fields
     */
    public PromptsApp(
            KafkaAccess kafka,
            WorkFolder work,
            String runId,
            String identity,
            List<PromptSource> sources,
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters) {
        this.kafka = kafka;
        this.runId = runId;
        this.identity = identity;
        this.sources = List.copyOf(sources);
        this.settings = settings;
        this.specification = specification;
        this.runParameters = runParameters;
        this.note = PublishCheckpoint.loadOrCreate(work, runId, InstantSource.system());
        for (PromptSource source : this.sources) {
            acknowledged.add(note.isPublished(source) ? source.selectedRows() : 0);
        }
        this.done = this.sources.stream().allMatch(note::isPublished);
    }

    @Override
    public String name() {
        return "prompts";
    }

    /** Begins to send; does nothing if an earlier life sent everything. */
    @Override
    public synchronized void start() {
        if (!done && sender == null) {
            BoundedProducer opened = new BoundedProducer(kafka.producer(name()));
            boundedProducer = opened;
            sender = Thread.ofPlatform().name(name()).start(() -> work(opened));
        }
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** How many lines the broker has, those of sources noted in an earlier life included; sources tell how many there are. */
    public long published() {
        return acknowledged.sum();
    }

    @Override
    public boolean isFinished() {
        return done;
    }

    /** Whether the broker has every line and every end marker. */
    public boolean done() {
        return done;
    }

    /** What was noticed about the input so far. */
    public InputSummary summary() {
        return tally.summary();
    }

    private void work(BoundedProducer opened) {
        try {
            done = publishHead(opened) && publishSources(opened);
            opened.failure().ifPresent(this::fail);
        } catch (IOException e) {
            fail(new UncheckedIOException("cannot read a source of prompts", e));
        } catch (InterruptedException | RuntimeException e) {
            if (opened.stopped()) {
                log.atDebug().setCause(e).log("stopped while it waited");
            } else {
                fail(e);
            }
        }
    }

    /** What was asked for goes first: whoever reads a prompt can learn of its run and specification. */
    private boolean publishHead(BoundedProducer opened) throws InterruptedException {
        String bundle = new String(specification.compile(), StandardCharsets.UTF_8);
        return opened.awaitTopic(kafka.namespace().name(Topics.PROMPTS))
                && send(opened, Topics.SPECS, specification.version(), new SpecBundle(specification.version(), bundle))
                && sendRun(opened)
                && opened.awaitAcknowledged();
    }

    /** Somebody may have said it already, and more: that it is paused, or what it may spend. */
    private boolean sendRun(BoundedProducer opened) throws InterruptedException {
        try (CompactedTopic<Run> runs = new CompactedTopic<>(kafka, Topics.RUNS)) {
            return runs.readToEnd().containsKey(runId)
                    || send(
                            opened,
                            Topics.RUNS,
                            runId,
                            new Run(runId, identity, sources.size(), note.openedAt(), false, false, null));
        }
    }

    private <V extends SpecificRecord> boolean send(BoundedProducer opened, Topic<V> topic, String key, V value)
            throws InterruptedException {
        String name = kafka.namespace().name(topic);
        return opened.awaitTopic(name) && opened.send(new ProducerRecord<>(name, key, value), 1 << 20, () -> {});
    }

    private boolean publishSources(BoundedProducer opened) throws IOException, InterruptedException {
        SourcePublisher sourcePublisher = new SourcePublisher(
                opened,
                kafka,
                runId,
                (file, ignored) -> new RowReader(file, settings, specification, runParameters, ignored),
                tally,
                acknowledged);
        for (PromptSource source : sources) {
            if (note.isPublished(source)) {
                continue;
            }
            if (!sourcePublisher.publish(source, sources.size())) {
                return false;
            }
            note.markPublished(source);
            log.atInfo()
                    .addKeyValue("file", source.name())
                    .addKeyValue("rows", source.selectedRows())
                    .log("published a source");
        }
        tally.logRemaining();
        return true;
    }

    private void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        log.atError().setCause(cause).log("prompts cannot be published");
    }

    /** Stops between two lines; a source that is not sent whole is sent again by the next life. */
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
            if (!sending.join(PATIENCE)) {
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
