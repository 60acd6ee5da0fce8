package dev.precept.dataset.release;

import dev.precept.dataset.view.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects keys by split and sorts them. */
final class RowKeys {
    private final Map<Split, List<RowKey>> bySplit = new EnumMap<>(Split.class);

    void add(Split split, RowKey rowKey) {
        bySplit.computeIfAbsent(split, fresh -> new ArrayList<>()).add(rowKey);
    }

    Map<Split, List<RowKey>> ordered() {
        bySplit.values().forEach(Collections::sort);
        return bySplit;
    }
}
