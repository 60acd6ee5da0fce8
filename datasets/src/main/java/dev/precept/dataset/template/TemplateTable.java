package dev.precept.dataset.template;

import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many rows of each view each chat template keeps, and what it does with the others. For one thread. */
public final class TemplateTable {
    private final List<ChatTemplate> templates;
    private final List<TemplateProbe> probes;
    private final List<Map<View, Cell>> cells;

    /** @param format of the rows */
    public TemplateTable(List<ChatTemplate> templates, RowFormat format) {
        this.templates = List.copyOf(templates);
        this.probes = templates.stream()
                .map(template -> new TemplateProbe(template, format))
                .toList();
        this.cells = new ArrayList<>();
        templates.forEach(_ -> cells.add(new TreeMap<>()));
    }

    /**
     * The rows of one view; each side of a pair counts as one.
     *
     * @param good rows that the template keeps
     * @param faults number of rows, by shape and fault
     */
    public record Cell(long good, Map<Fault, Long> faults) {
        private static final Cell EMPTY = new Cell(0, Map.of());

        public Cell {
            faults = Collections.unmodifiableMap(new TreeMap<>(faults));
        }

        private Cell plus(Cell other) {
            Map<Fault, Long> sum = new TreeMap<>(faults);
            other.faults.forEach((fault, rows) -> sum.merge(fault, rows, Long::sum));
            return new Cell(good + other.good, sum);
        }
    }

    /**
     * @param isCrash whether the template cannot be applied; else it loses or changes something
     * @param what some words, without white space other than blanks
     */
    public record Fault(ConversationShape shape, boolean isCrash, String what) implements Comparable<Fault> {
        private static final Comparator<Fault> ORDER =
                Comparator.comparing(Fault::shape).thenComparing(Fault::isCrash).thenComparing(Fault::what);

        @Override
        public int compareTo(Fault other) {
            return ORDER.compare(this, other);
        }
    }

    /** Counts a row of a view. */
    public void add(View view, Sample sample) {
        for (int n = 0; n < probes.size(); n++) {
            Cell cell = probes.get(n)
                    .findFault(view, sample)
                    .map(fault -> new Cell(0, Map.of(fault(fault, sample), 1L)))
                    .orElse(new Cell(1, Map.of()));
            cells.get(n).merge(view, cell, Cell::plus);
        }
    }

    private static Fault fault(TemplateFault fault, Sample sample) {
        return new Fault(
                ConversationShape.of(sample),
                fault.kind() == TemplateFault.Kind.NOT_RENDERED,
                fault.summary().replaceAll("\\s+", " "));
    }

    /** Adds the rows of another table of the same templates. */
    public void add(TemplateTable other) {
        for (int n = 0; n < cells.size(); n++) {
            Map<View, Cell> own = cells.get(n);
            other.cells.get(n).forEach((view, cell) -> own.merge(view, cell, Cell::plus));
        }
    }

    public List<ChatTemplate> templates() {
        return templates;
    }

    /** The cell of a template, by its position, and a view. */
    public Cell cell(int template, View view) {
        return cells.get(template).getOrDefault(view, Cell.EMPTY);
    }

    /** The views that have rows, whether or not they are asked for. */
    public List<View> views() {
        return cells.isEmpty() ? List.of() : List.copyOf(cells.getFirst().keySet());
    }
}
