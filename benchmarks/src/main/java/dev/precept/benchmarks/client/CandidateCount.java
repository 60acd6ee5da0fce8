package dev.precept.benchmarks.client;

import dev.precept.records.Candidate;
import dev.precept.runtime.kafka.NewestRecords;
import dev.precept.schemas.Topics;

/** How many tasks have a candidate, however many candidates each has. Not thread-safe. */
public final class CandidateCount implements AutoCloseable {
    private final NewestRecords<Candidate> candidates;

    public CandidateCount(Line line) {
        this.candidates = new NewestRecords<>(line.kafka(), Topics.CANDIDATES);
    }

    public long now() {
        return candidates.upToNow().size();
    }

    @Override
    public void close() {
        candidates.close();
    }
}
