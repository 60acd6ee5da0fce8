package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.RejectedAttempts;
import dev.precept.dataset.Withdrawal;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that judges voted on: accepted samples and rejected attempts, without withdrawn rows. A version is selected from
 * them.
 */
public final class JudgedRows {
    private final CommittedRows rows;
    private final List<Withdrawal> withdrawals;

    public JudgedRows(CommittedRows rows, List<Withdrawal> withdrawals) {
        this.rows = rows;
        this.withdrawals = withdrawals;
    }

    /** A rejected attempt, and its neutral row. */
    public record Attempt(Rejection rejection, Sample sample) {}

    /** Rows that a withdrawal leaves out. */
    record WithdrawnCounts(long samples, long attempts) {
        WithdrawnCounts plus(long moreSamples, long moreAttempts) {
            return new WithdrawnCounts(samples + moreSamples, attempts + moreAttempts);
        }
    }

    CommittedRows rows() {
        return rows;
    }

    public void forEachSample(CommittedRows.RowConsumer<Sample> rowConsumer) throws IOException {
        rows.forEach(Topics.SAMPLES.name(), Sample.class, sample -> {
            if (withdrawal(sample).isEmpty()) {
                rowConsumer.accept(sample);
            }
        });
    }

    public void forEachAttempt(CommittedRows.RowConsumer<Attempt> rowConsumer) throws IOException {
        forEachRejected(attempt -> {
            if (withdrawal(attempt.sample).isEmpty()) {
                rowConsumer.accept(attempt);
            }
        });
    }

    private void forEachRejected(CommittedRows.RowConsumer<Attempt> rowConsumer) throws IOException {
        rows.forEach(Topics.REJECTIONS.name(), Rejection.class, rejection -> {
            Optional<Sample> sample = RejectedAttempts.asSample(rejection);
            if (sample.isPresent()) {
                rowConsumer.accept(new Attempt(rejection, sample.get()));
            }
        });
    }

    /** Rows that each withdrawal leaves out; a row that several match counts for the first. */
    Map<Withdrawal, WithdrawnCounts> countWithdrawn() throws IOException {
        Map<Withdrawal, WithdrawnCounts> left = new LinkedHashMap<>();
        withdrawals.forEach(each -> left.put(each, new WithdrawnCounts(0, 0)));
        if (!withdrawals.isEmpty()) {
            rows.forEach(
                    Topics.SAMPLES.name(),
                    Sample.class,
                    sample -> withdrawal(sample)
                            .ifPresent(by -> left.computeIfPresent(by, (same, before) -> before.plus(1, 0))));
            forEachRejected(attempt -> withdrawal(attempt.sample)
                    .ifPresent(by -> left.computeIfPresent(by, (same, before) -> before.plus(0, 1))));
        }
        return left;
    }

    private Optional<Withdrawal> withdrawal(Sample sample) {
        return withdrawals.stream()
                .filter(each -> each.selector().matches(sample))
                .findFirst();
    }
}
