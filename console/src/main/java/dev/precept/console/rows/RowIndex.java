package dev.precept.console.rows;

import dev.precept.dataset.CommittedRows;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The short columns of all rows, read file by file in the background. What is read so far is answered at once; new commits are
 * looked for when a page asks, at most once a second. Thread-safe.
 */
public final class RowIndex {
    private static final Logger log = LoggerFactory.getLogger(RowIndex.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration PUBLISH_INTERVAL = Duration.ofMillis(100);
    /** How long a request waits for new commits, where the rows of the earlier ones are read. */
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** How long a request waits where no row is read yet. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

    private final RowSource source;
    private final CompletableFuture<Void> firstRows = new CompletableFuture<>();
    /** Until then the end of the reading may be far away, and a page shows what there is. */
    private volatile boolean wasComplete;

    private volatile State state;
    private @Nullable CompletableFuture<Void> reading;
    private long lastRead;

    /**
     * What is read.
     *
     * @param segments in the order in which they were read; after those of whole files there may be a part of one
     * @param read files that are read whole
     * @param of files that are known
     * @param failure why the last reading ended early
     */
    record State(
            RowColumns columns,
            Optional<CommittedRows> committed,
            List<Segment> segments,
            int read,
            int of,
            boolean complete,
            Optional<IOException> failure) {
        long rows() {
            return segments.stream().mapToLong(segment -> segment.count).sum();
        }
    }

    /** A row of a state. */
    record Found(Segment segment, int at) {}

    public RowIndex(RowSource source) {
        this.source = source;
        this.state = new State(new RowColumns(), Optional.empty(), List.of(), 0, 0, false, Optional.empty());
    }

    /** Starts to read the rows, so that the first page finds some. */
    public void prepare() {
        CompletableFuture<Void> _ = start();
    }

    /**
     * What is read now. Starts to read where that is needed, and waits a moment for it, or longer for the first rows.
     *
     * @throws IOException if the last reading failed: the rows that are known may miss some
     */
    State current() throws IOException, InterruptedException {
        CompletableFuture<Void> running = start();
        try {
            if (!firstRows.isDone()) {
                CompletableFuture.anyOf(running, firstRows).get(FIRST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                running.get(wasComplete ? PATIENCE.toMillis() : 0, TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            return state; // it goes on
        } catch (ExecutionException e) {
            throw new IllegalStateException("the rows cannot be read", e.getCause());
        }
        return requireRead(state);
    }

    /**
     * All rows, once they are read.
     *
     * @throws IOException if they cannot be read
     */
    State whole() throws IOException, InterruptedException {
        try {
            start().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the rows cannot be read", e.getCause());
        }
        return requireRead(state);
    }

    private static State requireRead(State now) throws IOException {
        if (now.failure.isPresent()) {
            throw new IOException(now.failure.get().getMessage(), now.failure.get());
        }
        return now;
    }

    private synchronized CompletableFuture<Void> start() {
        CompletableFuture<Void> last = reading;
        boolean due = System.nanoTime() - lastRead > INTERVAL.toNanos();
        if (last != null && (!last.isDone() || !due)) {
            return last;
        }
        CompletableFuture<Void> next = new CompletableFuture<>();
        reading = next;
        Thread.ofPlatform().daemon().name("row-index").start(() -> {
            try {
                update();
                next.complete(null);
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).log("cannot index the rows");
                next.completeExceptionally(e);
            } finally {
                ended();
            }
        });
        return next;
    }

    private synchronized void ended() {
        lastRead = System.nanoTime();
    }

    private void update() {
        try {
            CommittedRows loaded = source.load();
            List<RowSource.Part> parts = source.parts(loaded);
            Set<String> keys = parts.stream().map(RowIndex::key).collect(Collectors.toSet());
            State before = state;
            List<Segment> whole = before.segments.subList(0, before.read); // without a part of a file
            boolean kept = keys.containsAll(whole.stream().map(Segment::key).collect(Collectors.toSet()));
            RowColumns columns = kept ? before.columns : new RowColumns();
            List<Segment> segments = new ArrayList<>(kept ? whole : List.of());
            Set<String> known = segments.stream().map(Segment::key).collect(Collectors.toCollection(HashSet::new));
            // It knows which of its files are verified.
            CommittedRows committed = known.containsAll(keys) ? before.committed.orElse(loaded) : loaded;
            SegmentReader reader = new SegmentReader(columns, source);
            publish(columns, committed, segments, segments.size(), parts.size(), known.containsAll(keys));
            long published = System.nanoTime();
            for (RowSource.Part part : parts) {
                if (known.add(key(part))) {
                    segments.add(LocalFile.read(
                            committed,
                            part.stored(),
                            file -> reader.read(part, file, partial -> {
                                List<Segment> more = new ArrayList<>(segments);
                                more.add(partial);
                                publish(columns, committed, more, segments.size(), parts.size(), false);
                            })));
                    if (System.nanoTime() - published > PUBLISH_INTERVAL.toNanos()) {
                        publish(columns, committed, segments, segments.size(), parts.size(), false);
                        published = System.nanoTime();
                    }
                }
            }
            publish(columns, committed, segments, segments.size(), parts.size(), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nothing interrupts this thread
        } catch (IOException e) {
            log.atWarn().setCause(e).log("cannot read the rows");
            state = new State(
                    state.columns, state.committed, state.segments, state.read, state.of, false, Optional.of(e));
        }
    }

    private void publish(
            RowColumns columns, CommittedRows committed, List<Segment> segments, int read, int of, boolean complete) {
        state = new State(columns, Optional.of(committed), List.copyOf(segments), read, of, complete, Optional.empty());
        wasComplete = wasComplete || complete; // one thread publishes
        if (!segments.isEmpty()) {
            firstRows.complete(null);
        }
    }

    private static String key(RowSource.Part part) {
        return part.range().file().orElseThrow().key();
    }

    /** The rows whose id begins as this one, and may be it. */
    static List<Found> find(State state, String id) {
        long key = Segment.key(id);
        List<Found> found = new ArrayList<>();
        for (Segment segment : state.segments) {
            for (int at = 0; at < segment.count; at++) {
                if (segment.id[at] == key) {
                    found.add(new Found(segment, at));
                }
            }
        }
        return found;
    }

    /** The rows whose prompt may be this one. */
    static List<Found> ofPrompt(State state, String promptId, int most) {
        int key = Segment.promptKey(promptId);
        List<Found> found = new ArrayList<>();
        for (Segment segment : state.segments) {
            for (int at = 0; at < segment.count && found.size() < most; at++) {
                if (segment.prompt[at] == key) {
                    found.add(new Found(segment, at));
                }
            }
        }
        return found;
    }

    /** The rows that resemble one, by its id. */
    static List<Found> near(State state, String id, int most) {
        long key = Segment.key(id);
        List<Found> found = new ArrayList<>();
        for (Segment segment : state.segments) {
            for (int at = 0; at < segment.count && found.size() < most; at++) {
                if (key != 0 && segment.near[at] == key) {
                    found.add(new Found(segment, at));
                }
            }
        }
        return found;
    }
}
