package dev.precept.dataset.balance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Samples by the values of some columns. */
public final class Cells {
    private final List<List<String>> names;
    private final long[] sizes;
    private final Map<List<String>, Integer> numbers = new HashMap<>();
    private final IntFunction<@Nullable List<String>> nameOf;

    Cells(SortedMap<List<String>, Long> sizes, IntFunction<@Nullable List<String>> nameOf) {
        this.names = new ArrayList<>(sizes.keySet());
        this.sizes = sizes.values().stream().mapToLong(Long::longValue).toArray();
        this.nameOf = nameOf;
        for (int cell = 0; cell < names.size(); cell++) {
            numbers.put(names.get(cell), cell);
        }
    }

    /** The values of each cell, in order. */
    public List<List<String>> names() {
        return names;
    }

    /** The samples of each cell. */
    public long[] sizes() {
        return sizes.clone();
    }

    /** The cell of a sample, as a position in the names. */
    public int of(int number) {
        Integer cell = numbers.get(nameOf.apply(number));
        if (cell == null) {
            throw new IllegalArgumentException("sample " + number + " is in no cell");
        }
        return cell;
    }

    /** How many samples of each cell are taken, if all cells get an equal share of a total. */
    public long[] shares(long total) {
        return WaterFilling.shares(sizes, total);
    }
}
