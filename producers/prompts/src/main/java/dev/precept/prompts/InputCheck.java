package dev.precept.prompts;

import dev.precept.config.ConfigurationException;
import dev.precept.prompts.row.Row;
import dev.precept.records.RunParameters;
import dev.precept.spec.Specification;
import dev.precept.text.contamination.ContaminationDetector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads every selected row as the publisher will, and refuses an input that is mostly unusable. Not thread-safe. */
final class InputCheck {
    private static final int MAX_NAMES = 100;
    private static final int MAX_KINDS = 1_000;
    private static final String OTHER = "for other reasons";
    /** What differs between two rows with the same fault. */
    private static final Pattern POSITION =
            Pattern.compile("(?<=\\[)\\d+(?=])|(, line \\d+ of the row)?, column \\d+$");

    private final PromptSettings settings;
    private final Specification specification;
    private final RunParameters runParameters;
    private final ContaminationDetector contamination;
    private final Map<String, FileCounts> files = new LinkedHashMap<>();
    private final Map<String, Long> notes = new LinkedHashMap<>();
    private final SeenPrompts seen = new SeenPrompts();
    private final ContaminatedPrompts contaminated = new ContaminatedPrompts();
    private final PersonalPrompts personal = new PersonalPrompts();
    private final PromptRisks risks;
    private long duplicates;
    private String firstDuplicate = "";

    /** Counts of one file. */
    private static final class FileCounts {
        private long rows;
        private long unusable;
        private long unlabelled;
        private long rejected;
        private final Map<String, InputReport.Fault> faults = new LinkedHashMap<>();
        private final Set<String> ignored = new LinkedHashSet<>();

        private long usable() {
            return rows - unusable - rejected;
        }
    }

    /** @throws ConfigurationException if the settings name a category that the specification does not have */
    InputCheck(
            PromptSettings settings,
            Specification specification,
            RunParameters runParameters,
            ContaminationDetector contamination) {
        this.settings = settings;
        this.specification = specification;
        this.runParameters = runParameters;
        this.contamination = contamination;
        this.risks = new PromptRisks(specification);
        List<String> unknown = specification.unknownCategories(settings.categoryMap().values().stream()
                .filter(category -> !category.isEmpty())
                .distinct()
                .toList());
        if (!unknown.isEmpty()) {
            throw new ConfigurationException("prompts.category_map: the specification has no category '"
                    + String.join("', '", unknown) + "'; its categories are "
                    + String.join(", ", specification.categories()));
        }
    }

    /** Counts the rows of one file. */
    Consumer<Row> file(String name) {
        FileCounts counts = new FileCounts();
        files.put(name, counts);
        RowReader reader = new RowReader(
                name,
                settings,
                specification,
                runParameters,
                contamination,
                field -> {
                    if (counts.ignored.size() < MAX_NAMES) {
                        counts.ignored.add(field);
                    }
                },
                this::note);
        return row -> count(name, counts, reader.read(row));
    }

    /** Adds what the content of a file shows. */
    void note(String note) {
        if (notes.size() < MAX_NAMES || notes.containsKey(note)) {
            notes.merge(note, 1L, Long::sum);
        }
    }

    private void count(String name, FileCounts counts, ParsedRow row) {
        counts.rows++;
        switch (row) {
            case ParsedRow.Usable usable -> {
                counts.unlabelled += usable.body().getCategories().isEmpty() ? 1 : 0;
                if (usable.body().getContamination() != null) {
                    contaminated.add(name, usable.body());
                }
                personal.add(name, usable.body());
                risks.add(usable.body().getCategories());
                if (!seen.add(usable.promptId()) && duplicates++ == 0) {
                    firstDuplicate = name + ":" + usable.body().getOrigin().getLine();
                }
            }
            case ParsedRow.Unusable unusable -> {
                counts.unlabelled += unusable.unlabelled() ? 1 : 0;
                counts.rejected += unusable.unlabelled() ? 1 : 0;
                counts.unusable += unusable.unlabelled() ? 0 : 1;
                add(
                        counts.faults,
                        new InputReport.Fault(
                                POSITION.matcher(unusable.body().getDetail()).replaceAll(""), 1, unusable.location()));
            }
        }
    }

    private static void add(Map<String, InputReport.Fault> faults, InputReport.Fault more) {
        String kind = faults.size() < MAX_KINDS || faults.containsKey(more.detail()) ? more.detail() : OTHER;
        faults.merge(
                kind,
                new InputReport.Fault(kind, more.rows(), more.first()),
                (a, b) -> new InputReport.Fault(kind, a.rows() + b.rows(), a.first()));
    }

    /** @throws ConfigurationException if a run must not start with this input */
    InputReport report() {
        long rows = 0;
        long unusable = 0;
        long unlabelled = 0;
        Map<String, InputReport.Fault> faults = new LinkedHashMap<>();
        Map<String, List<String>> ignored = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, FileCounts> file : files.entrySet()) {
            FileCounts counts = file.getValue();
            rows += counts.rows;
            unusable += counts.unusable;
            unlabelled += counts.unlabelled;
            counts.faults.values().stream()
                    .filter(fault -> !fault.detail().equals(RowReader.UNLABELLED))
                    .forEach(fault -> add(faults, fault));
            if (!counts.ignored.isEmpty()) {
                ignored.put(file.getKey(), List.copyOf(counts.ignored));
            }
            if (counts.rows > 0 && counts.usable() == 0) {
                problems.add(withFaults(
                        file.getKey()
                                + (counts.rows == 1
                                        ? ": its only row cannot be used:"
                                        : String.format(
                                                Locale.ROOT, ": none of its %,d rows can be used:", counts.rows)),
                        counts.faults));
            }
        }
        if (problems.isEmpty() && unusable > settings.maxUnusable() * rows) {
            problems.add(withFaults(
                    String.format(
                            Locale.ROOT,
                            "prompts: %,d of %,d rows cannot be used, and prompts.max_unusable is %s; fix them, or raise it:",
                            unusable,
                            rows,
                            settings.maxUnusable()),
                    faults));
        }
        Unlabelled treatment = settings.unlabelled(specification).orElse(Unlabelled.ALL);
        if (unlabelled > 0 && settings.unlabelled(specification).isEmpty()) {
            problems.add(String.format(
                    Locale.ROOT,
                    "prompts.unlabelled: %,d of %,d prompts have no category, and the specification has about %,d"
                            + " tokens; set all (send the whole specification with each of them), summary (send the"
                            + " summaries of the categories) or reject",
                    unlabelled,
                    rows,
                    PromptSettings.wholeTokens(specification)));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new InputReport(
                rows,
                unusable,
                duplicates,
                firstDuplicate,
                unlabelled,
                treatment,
                settings.contamination().sets().isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(contaminated.count()),
                Stream.of(
                                contaminated.lines(files.entrySet().stream()
                                        .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().rows))),
                                personal.lines(),
                                risks.lines())
                        .flatMap(List::stream)
                        .toList(),
                sorted(faults),
                notes,
                ignored);
    }

    private String withFaults(String what, Map<String, InputReport.Fault> faults) {
        boolean unknown = faults.keySet().stream().anyMatch(detail -> detail.startsWith(CategoryNames.UNKNOWN));
        return what + "\n" + String.join("\n", InputReport.faultLines(sorted(faults)))
                + (unknown
                        ? "\nthe categories are " + String.join(", ", specification.categories())
                                + "; map other names to them with prompts.category_map"
                        : "");
    }

    private static List<InputReport.Fault> sorted(Map<String, InputReport.Fault> faults) {
        return faults.values().stream()
                .sorted(Comparator.comparingLong(InputReport.Fault::rows).reversed())
                .toList();
    }
}
