package dev.precept.benchmarks.client;

import dev.precept.records.Candidate;
import dev.precept.runtime.kafka.CompactedTopic;
import dev.precept.schemas.Topics;

/** How many tasks have a candidate, however many candidates each has. Not thread-safe. */
public final class CandidateCount implements AutoCloseable {
    private final CompactedTopic<Candidate> candidates;

    public CandidateCount(Line line) {
        this.candidates = new CompactedTopic<>(line.kafka(), Topics.CANDIDATES);
    }

    public long now() {
        return candidates.readToEnd().size();
    }

    @Override
    public void close() {
        candidates.close();
    }
}
