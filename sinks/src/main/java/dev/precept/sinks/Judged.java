package dev.precept.sinks;

import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that judges voted on and a version may be made of: samples that their run kept and attempts that it turned down,
 * without what was withdrawn.
 */
final class Judged {
    private final CommittedRows rows;
    private final List<Withdrawal> withdrawals;

    Judged(CommittedRows rows, List<Withdrawal> withdrawals) {
        this.rows = rows;
        this.withdrawals = withdrawals;
    }

    /** An attempt that its run turned down, and what it said as a neutral row. */
    record Attempt(Rejection rejection, Sample said) {}

    /** How much a withdrawal leaves out. */
    record Left(long samples, long attempts) {
        Left plus(long moreSamples, long moreAttempts) {
            return new Left(samples + moreSamples, attempts + moreAttempts);
        }
    }

    CommittedRows rows() {
        return rows;
    }

    void samples(CommittedRows.Reader<Sample> reader) throws IOException {
        rows.each("samples", Sample.class, sample -> {
            if (withdrawal(sample).isEmpty()) {
                reader.read(sample);
            }
        });
    }

    void attempts(CommittedRows.Reader<Attempt> reader) throws IOException {
        said(attempt -> {
            if (withdrawal(attempt.said).isEmpty()) {
                reader.read(attempt);
            }
        });
    }

    private void said(CommittedRows.Reader<Attempt> reader) throws IOException {
        rows.each("rejections", Rejection.class, rejection -> {
            Optional<Sample> said = TurnedDown.said(rejection);
            if (said.isPresent()) {
                reader.read(new Attempt(rejection, said.get()));
            }
        });
    }

    /** What each withdrawal leaves out that none before it does. */
    Map<Withdrawal, Left> withdrawn() throws IOException {
        Map<Withdrawal, Left> left = new LinkedHashMap<>();
        withdrawals.forEach(each -> left.put(each, new Left(0, 0)));
        if (!withdrawals.isEmpty()) {
            rows.each(
                    "samples",
                    Sample.class,
                    sample -> withdrawal(sample)
                            .ifPresent(by -> left.computeIfPresent(by, (same, before) -> before.plus(1, 0))));
            said(attempt -> withdrawal(attempt.said)
                    .ifPresent(by -> left.computeIfPresent(by, (same, before) -> before.plus(0, 1))));
        }
        return left;
    }

    private Optional<Withdrawal> withdrawal(Sample sample) {
        return withdrawals.stream().filter(each -> each.which().covers(sample)).findFirst();
    }
}
