package dev.precept.dataset.balance;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.spool.EntryTable;
import dev.precept.dataset.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.apache.avro.generic.GenericRecord;

/**
 * The values of some columns of samples, by number, in a temporary file; the heap holds each value once. Samples may be added
 * by several threads. What it answers does not depend on the order in which they were added.
 */
public final class CellTable implements AutoCloseable {
    /** More distinct values or cells are no balance. */
    private static final int MOST = 100_000;

    private static final String BETWEEN = "\n";
    private static final Comparator<List<String>> BY_NAME = Comparator.comparing(name -> String.join(BETWEEN, name));

    private final List<CellField> fields;
    private final EntryTable table;
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private final List<List<String>> values = new ArrayList<>();

    /** @param samples one above the highest number */
    public CellTable(List<CellField> fields, int samples, Spool spool, String name) throws IOException {
        this.fields = List.copyOf(fields);
        this.table = new EntryTable(spool, name, Math.max(1, fields.size()) * Integer.BYTES, samples);
    }

    /** The columns that are read. */
    public List<String> columns() {
        return fields.stream()
                .flatMap(field -> field.columns().stream())
                .distinct()
                .toList();
    }

    /** @throws ConfigurationException if a column has too many values */
    public void add(int number, GenericRecord sample) {
        for (int field = 0; field < fields.size(); field++) {
            List<String> found = fields.get(field).values(sample);
            List<String> sorted = found.isEmpty() ? List.of(CellField.NONE) : List.copyOf(new TreeSet<>(found));
            table.putInt(number, field * Integer.BYTES, number(fields.get(field), sorted));
        }
    }

    private int number(CellField field, List<String> sorted) {
        String key = field.label() + BETWEEN + String.join(BETWEEN, sorted);
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        synchronized (values) {
            return numbers.computeIfAbsent(key, _ -> {
                if (values.size() == MOST) {
                    throw new ConfigurationException("release.select.balance: " + field.label() + " has more than "
                            + MOST + " values; balance by a column with fewer");
                }
                values.add(sorted);
                return values.size() - 1;
            });
        }
    }

    /**
     * Puts samples into cells, one of several categories into that of the category that the fewest samples have, of equal ones
     * the first by name. Called when all samples were added.
     *
     * @param isCounted the samples whose numbers are the sizes of cells
     * @param isPlaced the samples that are put into cells, these among them
     */
    public Cells cells(IntPredicate isCounted, IntPredicate isPlaced) {
        String[] single = new String[values.size()];
        for (int field = 0; field < fields.size(); field++) {
            resolve(field, isCounted, isPlaced, single);
        }
        Map<List<Integer>, List<String>> names = new HashMap<>();
        SortedMap<List<String>, Long> sizes = new TreeMap<>(BY_NAME);
        for (int number = 0; number < table.entries(); number++) {
            if (isPlaced.test(number)) {
                List<String> name = names.computeIfAbsent(
                        key(number),
                        key -> key.stream().map(value -> single[value]).toList());
                sizes.merge(name, isCounted.test(number) ? 1L : 0L, Long::sum);
                if (sizes.size() > MOST) {
                    throw new ConfigurationException(
                            "release.select.balance: there are more than " + MOST + " cells; balance by fewer columns");
                }
            }
        }
        return new Cells(sizes, number -> names.get(key(number)));
    }

    private List<Integer> key(int number) {
        List<Integer> key = new ArrayList<>(fields.size());
        for (int field = 0; field < fields.size(); field++) {
            key.add(table.getInt(number, field * Integer.BYTES));
        }
        return key;
    }

    private void resolve(int field, IntPredicate isCounted, IntPredicate isPlaced, String[] single) {
        long[] samples = new long[values.size()];
        BitSet placed = new BitSet();
        for (int number = 0; number < table.entries(); number++) {
            if (isPlaced.test(number)) {
                int value = table.getInt(number, field * Integer.BYTES);
                samples[value] += isCounted.test(number) ? 1 : 0;
                placed.set(value);
            }
        }
        Map<String, Long> counts = new HashMap<>();
        for (int value = 0; value < samples.length; value++) {
            for (String each : values.get(value)) {
                counts.merge(each, samples[value], Long::sum);
            }
        }
        for (int value = 0; value < samples.length; value++) {
            if (placed.get(value)) {
                single[value] = values.get(value).stream()
                        .min(Comparator.<String>comparingLong(each -> counts.getOrDefault(each, 0L))
                                .thenComparing(Comparator.naturalOrder()))
                        .orElseThrow();
            }
        }
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}
