package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Book;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionComplete;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.SlotRef;
import dev.precept.schemas.SlotId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Keeps books of its own from what came out of the line, and compares them with the line's. */
final class ReferenceProgress {
    private final Map<String, Book> books = new HashMap<>();
    private final Map<String, Long> kept = new HashMap<>();
    private final Map<String, Map<String, Long>> rejected = new HashMap<>();
    private final Map<String, Map<String, Long>> dead = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Map<String, Integer> completions = new HashMap<>();

    /** The one open question of each slot. */
    private final Map<String, SpecificRecord> open = new HashMap<>();

    private final List<GenerationTask> everGenerated = new ArrayList<>();
    private final List<JudgingTask> everJudged = new ArrayList<>();

    /** Enters what came out of the line for an event that anybody could read. */
    void enter(TopologyFixture.Output output) {
        Book book = output.progress();
        assertBalanced(book);
        for (Sample sample : output.samples()) {
            end(sample.getRunId(), SlotId.of(sample.getPromptId(), sample.getSlot()));
            kept.merge(sample.getRunId(), 1L, Long::sum);
        }
        for (Rejection end : output.ends()) {
            end(end.getRunId(), end.getSlotId());
            if (end.getReason() == null) {
                count(
                        dead,
                        end.getRunId(),
                        Objects.requireNonNull(end.getCause()).name());
            } else {
                count(rejected, end.getRunId(), end.getReason().name());
            }
        }
        for (GenerationTask task : output.generation()) {
            open.put(key(task.getRef()), task);
            everGenerated.add(task);
        }
        for (JudgingTask task : output.judging()) {
            open.put(key(task.getCandidate().getTask().getRef()), task);
            everJudged.add(task);
        }
        for (PartitionComplete marker : output.completions()) {
            completions.merge(book.getRunId(), 1, Integer::sum);
            assertThat(marker)
                    .isEqualTo(new PartitionComplete(
                            0, book.getSlots(), book.getAccepted(), sum(book.getRejected()), sum(book.getDead())));
            assertThat(book.getInFlight()).isEmpty();
        }
        assertThat(book.getAccepted()).isEqualTo(kept.getOrDefault(book.getRunId(), 0L));
        assertThat(book.getRejected()).isEqualTo(rejected.getOrDefault(book.getRunId(), Map.of()));
        assertThat(book.getDead()).isEqualTo(dead.getOrDefault(book.getRunId(), Map.of()));
        books.put(book.getRunId(), book);
    }

    /** Whether an answer is the one that its slot waits for. */
    boolean awaited(SlotRef ref, SpecificRecord question) {
        return question.equals(open.get(key(ref)));
    }

    @Nullable
    Book progress(String run) {
        return books.get(run);
    }

    List<SpecificRecord> open() {
        return List.copyOf(open.values());
    }

    List<GenerationTask> everGenerated() {
        return everGenerated;
    }

    List<JudgingTask> everJudged() {
        return everJudged;
    }

    int completions(String run) {
        return completions.getOrDefault(run, 0);
    }

    int ended() {
        return ended.size();
    }

    /** In-flight slots by state, as a scan of the ledger counts them. */
    void assertInFlight(Map<String, LedgerRow> rows) {
        Map<String, Map<String, Long>> scanned = new HashMap<>();
        rows.forEach((key, row) -> {
            switch (row.getState()) {
                case ADMITTED, CHECKING, GENERATING, LOOKING, JUDGING, CURATING ->
                    count(
                            scanned,
                            key.substring(0, key.indexOf('|')),
                            row.getState().name());
                case ACCEPTED, REJECTED, DEAD -> {}
            }
        });
        books.forEach((run, book) -> assertThat(book.getInFlight()).isEqualTo(scanned.getOrDefault(run, Map.of())));
    }

    static void assertBalanced(Book book) {
        assertThat(book.getAccepted() + sum(book.getRejected()) + sum(book.getDead()) + sum(book.getInFlight()))
                .isEqualTo(book.getSlots());
        assertThat(book.getInFlight().values()).allMatch(count -> count > 0);
    }

    static String key(SlotRef ref) {
        return ref.getRunId() + " " + SlotId.of(ref);
    }

    private void end(String run, String slotId) {
        assertThat(ended.add(run + " " + slotId)).as("%s ends twice", slotId).isTrue();
        open.remove(run + " " + slotId);
    }

    private static void count(Map<String, Map<String, Long>> counts, String run, String name) {
        counts.computeIfAbsent(run, any -> new HashMap<>()).merge(name, 1L, Long::sum);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
