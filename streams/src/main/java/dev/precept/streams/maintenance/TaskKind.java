package dev.precept.streams.maintenance;

import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;

/**
 * The two kinds of tasks.
 *
 * @param group of the workers, in the namespace of the dataset
 * @param state of a slot that waits for the answer
 */
record TaskKind<T extends SpecificRecord>(
        Topic<T> topic, String group, SlotState state, Function<T, SlotRef> refs, ToIntFunction<T> rounds) {
    static final TaskKind<GenerationTask> GENERATION = new TaskKind<>(
            Topics.GENERATION_TASKS, "generator", SlotState.GENERATING, GenerationTask::getRef, task -> 1);
    static final TaskKind<JudgingTask> JUDGING = new TaskKind<>(
            Topics.JUDGING_TASKS,
            "judge",
            SlotState.JUDGING,
            task -> task.getCandidate().getTask().getRef(),
            JudgingTask::getRound);
    static final List<TaskKind<?>> ALL = List.of(GENERATION, JUDGING);

    SlotRef ref(T task) {
        return refs.apply(task);
    }

    /** The round of judging; 1 for a generation. */
    int round(T task) {
        return rounds.applyAsInt(task);
    }
}
