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
 * All that judges voted on and a version may be made of: samples that their run kept and attempts that it turned down,
 * without what was withdrawn.
 */
public final class JudgedRows {
    private final CommittedRows rows;
    private final List<Withdrawal> withdrawals;

    public JudgedRows(CommittedRows rows, List<Withdrawal> withdrawals) {
        this.rows = rows;
        this.withdrawals = withdrawals;
    }

    /** An attempt that its run turned down, and what it said as a neutral row. */
    public record Attempt(Rejection rejection, Sample sample) {}

    /** How much a withdrawal leaves out. */
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
            Optional<Sample> said = RejectedAttempts.asSample(rejection);
            if (said.isPresent()) {
                rowConsumer.accept(new Attempt(rejection, said.get()));
            }
        });
    }

    /** What each withdrawal leaves out that none before it does. */
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
