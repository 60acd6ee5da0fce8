package dev.precept.benchmarks.client;

import dev.precept.kafka.CompactedTopic;
import dev.precept.records.Candidate;
import dev.precept.schemas.Topics;

/** Counts the tasks that have at least one candidate. Not thread-safe. */
public final class CandidateCounter implements AutoCloseable {
    private final CompactedTopic<Candidate> candidates;

    public CandidateCounter(TaskTopics taskTopics) {
        this.candidates = new CompactedTopic<>(taskTopics.kafka(), Topics.CANDIDATES);
    }

    public long now() {
        return candidates.readToEnd().size();
    }

    @Override
    public void close() {
        candidates.close();
    }
}
