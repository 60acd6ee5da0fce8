package dev.precept.dataset.balance;

import dev.precept.config.QuotaSettings;
import dev.precept.config.QuotaSettings.Quota;
import java.util.List;
import java.util.stream.IntStream;

/** Counts samples against quotas. For one thread. */
public final class QuotaTable {
    /** The columns of the cells that quotas are about. */
    public static final List<CellField> FIELDS = List.of(CellField.CATEGORY, CellField.RESPONSE_STYLE);

    private final List<Quota> quotas;
    private final long[] available;
    private final long[] taken;

    public QuotaTable(QuotaSettings settings) {
        this.quotas = settings.quotas();
        this.available = new long[quotas.size()];
        this.taken = new long[quotas.size()];
    }

    /**
     * Counts a sample.
     *
     * @param cell category and style
     * @return false if it is over its quota
     */
    public boolean take(List<String> cell) {
        int quota = find(cell.get(0), cell.get(1));
        if (quota < 0) {
            return true;
        }
        available[quota]++;
        if (taken[quota] == quotas.get(quota).samples()) {
            return false;
        }
        taken[quota]++;
        return true;
    }

    /** Whether a sample would not be over its quota. */
    public boolean hasSpace(List<String> cell) {
        int quota = find(cell.get(0), cell.get(1));
        return quota < 0 || taken[quota] < quotas.get(quota).samples();
    }

    /** The quota of the style, or else that of the category; -1 if there is none. */
    private int find(String category, String style) {
        int ofCategory = -1;
        for (int n = 0; n < quotas.size(); n++) {
            Quota quota = quotas.get(n);
            if (quota.category().equals(category)) {
                if (quota.style().filter(style::equals).isPresent()) {
                    return n;
                }
                ofCategory = quota.style().isEmpty() ? n : ofCategory;
            }
        }
        return ofCategory;
    }

    /** The samples of each quota. */
    public List<CellCount> counts() {
        return IntStream.range(0, quotas.size())
                .mapToObj(n -> new CellCount(
                        List.of(quotas.get(n).category(), quotas.get(n).style().orElse("any")), available[n], taken[n]))
                .toList();
    }
}
