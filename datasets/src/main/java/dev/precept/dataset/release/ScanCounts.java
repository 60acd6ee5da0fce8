package dev.precept.dataset.release;

import dev.precept.dataset.Withdrawal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a scan counts. For one thread; the counts of several scans can be added. */
final class ScanCounts {
    private final Map<Long, Long> withdrawnSamples = new TreeMap<>();
    private final Map<Long, Long> withdrawnAttempts = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> invalid = new TreeMap<>();
    long belowThreshold;
    long aboveRisk;

    void slot(boolean isInvalid, @Nullable Object reason) {
        (isInvalid ? invalid : rejected).merge(String.valueOf(reason), 1L, Long::sum);
    }

    void withdrawnSample(long withdrawal) {
        withdrawnSamples.merge(withdrawal, 1L, Long::sum);
    }

    void withdrawnAttempt(long withdrawal) {
        withdrawnAttempts.merge(withdrawal, 1L, Long::sum);
    }

    void add(ScanCounts other) {
        belowThreshold += other.belowThreshold;
        aboveRisk += other.aboveRisk;
        addAll(withdrawnSamples, other.withdrawnSamples);
        addAll(withdrawnAttempts, other.withdrawnAttempts);
        addAll(rejected, other.rejected);
        addAll(invalid, other.invalid);
    }

    private static <K> void addAll(Map<K, Long> to, Map<K, Long> from) {
        from.forEach((key, rows) -> to.merge(key, rows, Long::sum));
    }

    Map<Withdrawal, SelectionCounts.WithdrawnCounts> withdrawn(List<Withdrawal> withdrawals) {
        Map<Withdrawal, SelectionCounts.WithdrawnCounts> counts = new LinkedHashMap<>();
        withdrawals.forEach(each -> counts.put(
                each,
                new SelectionCounts.WithdrawnCounts(
                        withdrawnSamples.getOrDefault(each.number(), 0L),
                        withdrawnAttempts.getOrDefault(each.number(), 0L))));
        return counts;
    }

    Map<String, Long> rejected() {
        return rejected;
    }

    Map<String, Long> invalid() {
        return invalid;
    }
}
