package dev.precept.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/**
 * Polls, completions, commits and restarts of a partition in random order; the tracker is compared with plain sets of
 * offsets.
 */
class OffsetTrackerInterleavingTest {
    private static final int RESTARTS = 400;
    private static final int STEPS = 120;

    private final RandomGenerator random = Seed.random(Seed.choose(OffsetTrackerInterleavingTest.class));

    /** Offsets that hold a record; the others are gaps. */
    private final TreeSet<Long> records = new TreeSet<>();

    /** Gaps and finished records as of the last commit. */
    private final Set<Long> remembered = new HashSet<>();

    private Optional<OffsetAndMetadata> committed = Optional.empty();

    @Test
    void throughManyRestarts() {
        LongStream.range(0, 3_000).filter(_ -> random.nextInt(7) > 0).forEach(records::add);
        for (int restart = 0; restart < RESTARTS; restart++) {
            new TrackerInstance(committed
                            .map(commit -> new OffsetTracker(commit.offset(), commit.metadata()))
                            .orElseGet(() -> new OffsetTracker(0, "")))
                    .run(random.nextInt(STEPS));
        }
        assertThat(remembered).hasSizeGreaterThan(1_000);
    }

    private final class TrackerInstance {
        private final OffsetTracker tracker;
        private final long start = committed.map(OffsetAndMetadata::offset).orElse(0L);
        private final Set<Long> finished = new HashSet<>(remembered);
        private final List<Long> running = new ArrayList<>();
        private long polled = start - 1;

        TrackerInstance(OffsetTracker tracker) {
            this.tracker = tracker;
        }

        void run(int steps) {
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> poll();
                    case 3, 4, 5 -> complete();
                    case 6 -> commit();
                    default -> failedCommit();
                }
            }
            if (random.nextBoolean()) {
                commit(); // the other half crashes
            }
        }

        private void poll() {
            Long offset = records.higher(polled);
            if (offset == null) {
                return;
            }
            LongStream.range(polled + 1, offset).forEach(finished::add);
            polled = offset;
            boolean unfinished = !remembered.contains(offset);
            assertThat(tracker.register(offset)).as("offset %s", offset).isEqualTo(unfinished);
            if (unfinished && tracker.start()) {
                running.add(offset);
            }
        }

        private void complete() {
            if (!running.isEmpty()) {
                long offset = running.remove(random.nextInt(running.size()));
                boolean succeeded = random.nextInt(10) > 0;
                tracker.complete(offset, succeeded);
                if (succeeded) {
                    finished.add(offset);
                }
            }
        }

        private void commit() {
            tracker.offsetToCommit(OffsetTracker.METADATA_CHARACTERS).ifPresent(commit -> {
                assertThat(commit.offset()).isEqualTo(lowestUnfinished());
                assertThat(commit.metadata().length()).isLessThanOrEqualTo(4_096);
                committed = Optional.of(commit);
                remembered.addAll(finished);
            });
        }

        private void failedCommit() {
            tracker.offsetToCommit(OffsetTracker.METADATA_CHARACTERS)
                    .ifPresent(commit -> assertThat(commit.offset()).isEqualTo(lowestUnfinished()));
            tracker.commitFailed();
        }

        private long lowestUnfinished() {
            return LongStream.iterate(start, offset -> offset + 1)
                    .filter(offset -> !finished.contains(offset))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
