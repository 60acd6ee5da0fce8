package dev.precept.streams;

import dev.precept.records.DeadLetter;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.PartitionComplete;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.util.List;

/** The output records of one event. */
record TopologyOutput(
        List<GenerationTask> generation,
        List<JudgingTask> judging,
        List<Sample> samples,
        List<Rejection> rejections,
        List<PartitionComplete> completions,
        List<PartitionProgress> progressRecords,
        List<DeadLetter> deadLetters) {
    GenerationTask task() {
        return only(generation);
    }

    JudgingTask judgingTask() {
        return only(judging);
    }

    Sample sample() {
        return only(samples);
    }

    /** The newest: a search is events of its own. */
    PartitionProgress progress() {
        return progressRecords.getLast();
    }

    /** The rows that end slots. */
    List<Rejection> ends() {
        return rejections.stream().filter(Rejection::getTerminal).toList();
    }

    Rejection end() {
        return only(ends());
    }

    /** No record but the progress. */
    boolean silent() {
        return generation.isEmpty()
                && judging.isEmpty()
                && samples.isEmpty()
                && rejections.isEmpty()
                && completions.isEmpty()
                && deadLetters.isEmpty();
    }

    private static <T> T only(List<T> all) {
        if (all.size() != 1) {
            throw new AssertionError("expected one, got " + all);
        }
        return all.getFirst();
    }
}
