package dev.precept.prompts;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the slots of a run that are open: published and not ended. The topology requests the first attempt of a slot when
 * it reads its prompt, and a task topic is a queue: without a bound, every retry would wait behind the first attempts of
 * all prompts. The window has at least {@code minimum} slots, and as many more as the run ends in five minutes at its rate
 * of the last minute.
 *
 * <p>One thread calls {@link #await}; {@link #sending} and {@link #acknowledged} are thread-safe.
 */
final class OpenSlotWindow implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OpenSlotWindow.class);
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration RATE_WINDOW = Duration.ofMinutes(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /** Reads the progress of all partitions. */
    interface Progress extends AutoCloseable {
        /** Of any run. */
        Collection<PartitionProgress> read();

        @Override
        void close();
    }

    /** Ended slots at a time. */
    private record Mark(long nanos, long ended) {}

    private final String runId;
    private final long minimum;
    private final int slotsPerRow;
    private final Progress progress;
    private final LongSupplier nanoTime;
    /** The offset of the newest acknowledged record by partition. */
    private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();

    private final AtomicLong unacknowledged = new AtomicLong();
    private final Deque<Mark> marks = new ArrayDeque<>();
    /** Slots that may be sent before the progress is read again. */
    private long room;

    /**
     * @param minimum 0 for no bound
     * @param slotsPerRow of a prompt
     * @param room slots that may be sent before the progress is read for the first time
     */
    OpenSlotWindow(String runId, long minimum, int slotsPerRow, long room, Progress progress, LongSupplier nanoTime) {
        this.runId = runId;
        this.minimum = minimum;
        this.slotsPerRow = slotsPerRow;
        this.room = room;
        this.progress = progress;
        this.nanoTime = nanoTime;
    }

    /** Reads the progress topic, once it is needed. */
    static Progress topic(KafkaAccess kafka) {
        return new Progress() {
            private @Nullable CompactedTopic<PartitionProgress> topic;

            @Override
            public Collection<PartitionProgress> read() {
                CompactedTopic<PartitionProgress> opened = topic;
                if (opened == null) {
                    opened = new CompactedTopic<>(kafka, Topics.PROGRESS);
                    topic = opened;
                }
                return opened.readToEnd().values();
            }

            @Override
            public void close() {
                if (topic != null) {
                    topic.close();
                }
            }
        };
    }

    /**
     * Waits until another row fits.
     *
     * @param goesOn checked several times a second
     * @return false if {@code goesOn} became false
     */
    boolean await(int slots, BooleanSupplier goesOn) throws InterruptedException {
        while (minimum > 0 && room < slots) {
            if (!goesOn.getAsBoolean()) {
                return false;
            }
            refresh();
            if (room < slots) {
                TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL.toMillis());
            }
        }
        room -= slots;
        return true;
    }

    /** A row was given to the producer. */
    void sending() {
        unacknowledged.incrementAndGet();
    }

    /** The broker has acknowledged a row. */
    void acknowledged(RecordMetadata at) {
        acknowledged.merge(at.partition(), at.offset(), Math::max);
        unacknowledged.decrementAndGet();
    }

    /** Waits out an outage of the broker or the registry, like the producer. */
    private void refresh() {
        try {
            // In this order: a record that is acknowledged in between is counted twice rather than not at all.
            long unread = unacknowledged.get();
            Map<Integer, Long> newest = Map.copyOf(acknowledged);
            Collection<PartitionProgress> all = progress.read();
            room = update(unread, newest, all);
        } catch (AuthorizationException e) {
            throw e;
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot read the progress of the run; no prompt is sent");
        }
    }

    private long update(long unread, Map<Integer, Long> newest, Collection<PartitionProgress> all) {
        long rows = unread;
        long open = 0;
        long ended = 0;
        // A partition without progress of this run has processed none of its records; those of other runs count, too.
        Map<Integer, Long> unprocessed = new HashMap<>(newest);
        unprocessed.replaceAll((partition, offset) -> offset + 1);
        for (PartitionProgress each : all) {
            if (each.getRunId().equals(runId)) {
                open += total(each.getInFlight());
                ended += each.getAccepted() + total(each.getRejected()) + total(each.getInvalid());
                unprocessed.computeIfPresent(
                        each.getPartition(), (partition, offset) -> Math.max(0, offset - each.getPromptsOffset() - 1));
            }
        }
        for (long offsets : unprocessed.values()) {
            rows += offsets;
        }
        return Math.max(minimum, endedIn(AHEAD, ended)) - open - rows * slotsPerRow;
    }

    /** Slots that the run ends in a time at its present rate. */
    private long endedIn(Duration time, long ended) {
        long now = nanoTime.getAsLong();
        marks.addLast(new Mark(now, ended));
        while (marks.size() > 2 && now - marks.getFirst().nanos() > RATE_WINDOW.toNanos()) {
            marks.removeFirst();
        }
        Mark first = marks.getFirst();
        long elapsed = now - first.nanos();
        // A short time gives no rate: the first answers come at once.
        return elapsed < RATE_WINDOW.toNanos() / 4
                ? 0
                : (long) ((double) (ended - first.ended()) / elapsed * time.toNanos());
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        progress.close();
    }
}
