package dev.precept.prompts;

import dev.precept.config.QuotaSettings;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.prompts.evaluation.ContaminationSettings;
import dev.precept.prompts.row.FieldNames;
import dev.precept.prompts.source.NamedFile;
import dev.precept.spec.Specification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sections {@code prompts} and {@code contamination} of a recipe.
 *
 * @param files the files, with their names in the recipe
 * @param fields the names of the fields in the files
 * @param limit rows to read from all files together; null for all
 * @param openSlots slots that may be open at the same time, at least; 0 for no bound
 * @param maxUnusable the largest share of unusable rows with which a run starts, from 0 to 1
 * @param unlabelled how prompts without a category are treated, if the recipe says so
 * @param categoryMap categories of the specification by their names in the files; an empty value is no category
 * @param contamination the evaluation sets that prompts are compared with
 * @param quotas the most samples of categories, for the limits of prompts
 */
public record PromptSettings(
        List<NamedFile> files,
        FieldNames fields,
        @Nullable Long limit,
        int openSlots,
        double maxUnusable,
        Optional<Unlabelled> unlabelled,
        Map<String, String> categoryMap,
        ContaminationSettings contamination,
        QuotaSettings quotas) {
    /** Of the bytes of a specification; the usual ratio of English text. */
    private static final int BYTES_PER_TOKEN = 4;
    /** A specification of at most this length is sent whole with a prompt that has no category. */
    private static final int MAX_WHOLE_TOKENS = 12_000;

    private static final int OPEN_SLOTS = 20_000;
    private static final double MAX_UNUSABLE = 0.1;

    /** The other settings have their defaults. */
    PromptSettings(List<NamedFile> files, FieldNames fields, @Nullable Long limit, int openSlots) {
        this(
                files,
                fields,
                limit,
                openSlots,
                MAX_UNUSABLE,
                Optional.empty(),
                Map.of(),
                ContaminationSettings.NONE,
                QuotaSettings.NONE);
    }

    /** The same settings with another bound. */
    PromptSettings withOpenSlots(int bound) {
        return new PromptSettings(
                files, fields, limit, bound, maxUnusable, unlabelled, categoryMap, contamination, quotas);
    }

    /** The same settings without evaluation sets. */
    public PromptSettings withoutContamination() {
        return new PromptSettings(
                files,
                fields,
                limit,
                openSlots,
                maxUnusable,
                unlabelled,
                categoryMap,
                ContaminationSettings.NONE,
                quotas);
    }

    /** How prompts without a category are treated: as the recipe says, else whole if the specification is short. */
    Optional<Unlabelled> unlabelled(Specification specification) {
        return unlabelled.or(
                () -> wholeTokens(specification) <= MAX_WHOLE_TOKENS ? Optional.of(Unlabelled.ALL) : Optional.empty());
    }

    /** The categories whose clauses a model is told with a prompt without one; empty if such a prompt is unusable. */
    public Optional<List<String>> categoriesOfUnlabelled(Specification specification) {
        return unlabelled(specification).flatMap(treatment -> switch (treatment) {
            case ALL -> Optional.of(specification.categories());
            case SUMMARY -> Optional.of(List.of());
            case REJECT -> Optional.empty();
        });
    }

    /** The estimated tokens of a whole specification. */
    static int wholeTokens(Specification specification) {
        String whole = specification.excerpt(specification.categories()).text();
        return whole.getBytes(StandardCharsets.UTF_8).length / BYTES_PER_TOKEN;
    }

    /** Reads the sections; adds its problems to the recipe. */
    public static PromptSettings read(Recipe recipe) {
        Section section = recipe.section("prompts");
        List<String> names = section.texts(
                "files", List.of(), "JSONL, JSON, CSV, TSV or Parquet files of prompts, on disk or as s3://bucket/key");
        if (names.isEmpty()) {
            section.addProblem("files", "no prompts; name at least one file, or pass --prompts FILE");
        }
        List<NamedFile> files = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            Optional<NamedFile> file = NamedFile.read(recipe, section, "files", name);
            file.ifPresent(files::add);
            if (file.isPresent() && !seen.add(file.get().location())) {
                section.addProblem("files", name + " is named twice; name it once");
            }
        }
        Map<String, String> fields = section.mapping(
                "fields",
                "column names in the files, or paths below them, by field, as in {prompt: text, id: meta.id}");
        for (String field : fields.keySet()) {
            if (!FieldNames.known().contains(field)) {
                section.addProblem(
                        "fields",
                        "'" + field + "' is not a field; the fields are " + String.join(", ", FieldNames.known()));
            }
        }
        if (new HashSet<>(fields.values()).size() < fields.size()) {
            section.addProblem("fields", fields + " maps two fields to one column; map each column once");
        }
        Long limit = section.count("limit", "rows to read from all files together, in order; default: all")
                .orElse(null);
        int openSlots = section.integer(
                "open_slots",
                OPEN_SLOTS,
                0,
                1_000_000_000,
                "slots that may be open at the same time, or what the run ends in five minutes if that is more: later"
                        + " prompts are published when slots end; 0 for no bound");
        double maxUnusable = section.number(
                "max_unusable",
                MAX_UNUSABLE,
                0,
                1,
                "share of rows that may be unusable or of an unknown category; above it, or if a file has no usable row,"
                        + " the run does not start");
        Optional<Unlabelled> unlabelled = section.oneOf(
                "unlabelled",
                Unlabelled.class,
                "all if the specification has at most " + MAX_WHOLE_TOKENS + " tokens (bytes/" + BYTES_PER_TOKEN
                        + "), else required",
                "what a model is told with a prompt that has no category: all clauses, a summary (the line of each"
                        + " category, and the principles), or nothing (reject: the prompt is unusable)");
        return new PromptSettings(
                files,
                new FieldNames(fields),
                limit,
                openSlots,
                maxUnusable,
                unlabelled,
                categoryMap(section),
                ContaminationSettings.read(recipe),
                QuotaSettings.read(recipe));
    }

    private static Map<String, String> categoryMap(Section section) {
        Map<String, String> map = new LinkedHashMap<>();
        section.json(
                        "category_map",
                        "category of the specification by its name in the files, as in {illegal_activity: Crime}; null or ''"
                                + " for none")
                .properties()
                .forEach(member -> {
                    if (member.getValue().isTextual() || member.getValue().isNull()) {
                        map.put(member.getKey(), member.getValue().asText("").strip());
                    } else {
                        section.addProblem(
                                "category_map", "'" + member.getKey() + "' is not mapped to a text; quote the name");
                    }
                });
        return map;
    }
}
