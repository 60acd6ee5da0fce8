package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.template.ChatTemplate;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The dataset card: front matter for loaders, then a summary for readers. */
final class DatasetCard {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

    private DatasetCard() {}

    static byte[] render(ManifestBuilder manifest, JsonNode evidence, ExtraFiles extra, List<ChatTemplate> templates) {
        StringBuilder card = new StringBuilder();
        frontMatter(card, manifest);
        String name = manifest.plan().version();
        card.append("# Spec-grounded reasoning data, version ").append(name).append("\n\n");
        if (manifest.histogram("model").containsKey("mock-model")) {
            card.append("""
                > **Mock data.** The mock model wrote the reasoning and the answers by rule, to test the
                > pipeline. No language model generated this data; do not train on it.

                """);
        }
        card.append("""
            > **Content warning.** Many prompts are adversarial by design: they ask for what a safety
            > specification forbids, and reasoning may discuss it. Rows are for training and evaluating models,
            > not for display to people who do not expect such content.

            """);
        card.append("""
            Each sample is a prompt, a chain of thought and an answer. The model that wrote them had a part of a
            safety specification in its request; a judge that had the same part scored them, and `judge_min` is
            the lowest vote. The specification has no column: it is stored in the dataset under `specs/`, by its
            hash.

            """);
        card.append(manifest.selection().kept())
                .append(" samples. This version never changes; `manifest.json` names\n");
        card.append(
                "every file with its SHA-256, the offsets it was made from, and the rows left out with the reasons.\n\n");
        views(card, manifest);
        RowSection.append(card, manifest, extra);
        TemplateSection.append(card, templates);
        card.append("\n## Load it\n\n```python\nfrom datasets import load_dataset\n");
        View first = manifest.viewsWithRows().stream()
                .filter(each -> !each.isJsonLines())
                .findFirst()
                .orElse(manifest.viewsWithRows().getFirst());
        String view = first.label();
        if (first.isJsonLines()) {
            card.append("rows = load_dataset(\"json\", data_files=\"path/to/")
                    .append(name)
                    .append('/')
                    .append(view)
                    .append("/*/*.jsonl\")\n```\n\n");
        } else {
            card.append("rows = load_dataset(\"path/to/")
                    .append(name)
                    .append("\", \"")
                    .append(view)
                    .append("\")\n```\n\n");
        }
        card.append("```sql\nSELECT * FROM 'path/to/").append(name).append('/').append(view);
        card.append(manifest.rows(first, Split.TRAIN) > 0 ? "/train" : "/validation")
                .append("/*")
                .append(first.extension())
                .append("';\n```\n\n## What is in it\n\n");
        table(card, "category", manifest.histogram("category"));
        table(card, "risk, as the specification states it", manifest.histogram(ManifestBuilder.RISK));
        table(card, "response style, as the judges name it", manifest.histogram("response_style"));
        table(card, "lowest vote", manifest.histogram("judge_min"));
        table(card, "model", manifest.histogram("model"));
        table(card, "specification", manifest.histogram("spec_version"));
        LengthSection.render(card, manifest);
        MakingSection.render(card, manifest);
        EvidenceSection.render(card, manifest, evidence);
        card.append("## What is not in it\n\n");
        leftOut(card, manifest);
        NearDuplicateSection.render(card, manifest);
        CurationSection.render(card, manifest);
        table(card, "rejected", manifest.selection().rejected());
        table(card, "invalid", manifest.selection().invalid());
        return card.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void views(StringBuilder card, ManifestBuilder manifest) {
        Manifest.ReleaseRecipe settings = manifest.plan().recipe();
        card.append("| view | ");
        List<Split> splits = Arrays.stream(Split.values())
                .filter(split -> settings.views().stream().anyMatch(view -> manifest.rows(view, split) > 0))
                .toList();
        splits.forEach(split -> card.append(split.label()).append(" rows | "));
        card.append("what it is |\n|---|");
        splits.forEach(_ -> card.append("---:|"));
        card.append("---|\n");
        for (View view : settings.views()) {
            card.append("| `").append(view.label()).append("` | ");
            splits.forEach(split -> card.append(manifest.rows(view, split)).append(" | "));
            card.append(view.description()).append(" |\n");
        }
        splits(card, manifest);
        FileSection.table(card, manifest);
        if (settings.views().stream().anyMatch(view -> view.rowKind() == RowKind.PAIR)) {
            card.append("\nThe lowest votes of a pair differ by at least ")
                    .append(settings.preferenceGap().orElseThrow());
            card.append("; both samples are from\none run, so their votes are comparable.\n");
        }
    }

    private static void splits(StringBuilder card, ManifestBuilder manifest) {
        Manifest.ReleaseRecipe settings = manifest.plan().recipe();
        Map<Split, Long> prompts = manifest.selection().prompts();
        if (settings.validation() == 0 && settings.earlierSplits().isEmpty()) {
            return;
        }
        card.append(
                "\nAll samples of a prompt are in one split, chosen by the hash of its id; the requested share of\n");
        card.append("validation is ").append(settings.validation()).append(". Prompts: ");
        card.append(prompts.getOrDefault(Split.TRAIN, 0L)).append(" train, ");
        card.append(prompts.getOrDefault(Split.VALIDATION, 0L)).append(" validation.\n");
        settings.earlierSplits()
                .forEach(earlier -> card.append("Prompts that `")
                        .append(earlier.version())
                        .append("` had keep the split that its share of ")
                        .append(earlier.validation())
                        .append(" gave them.\n"));
    }

    private static void leftOut(StringBuilder card, ManifestBuilder manifest) {
        manifest.plan()
                .recipe()
                .threshold()
                .ifPresent(threshold -> card.append("Samples whose lowest vote is below ")
                        .append(threshold)
                        .append(": ")
                        .append(manifest.selection().belowThreshold())
                        .append(". Rejected attempts that this threshold lets in: ")
                        .append(manifest.selection().readmitted())
                        .append(".\n\n"));
        if (!manifest.selection().withdrawn().isEmpty()) {
            card.append("| withdrawn | why | samples |\n|---|---|---:|\n");
            manifest.selection()
                    .withdrawn()
                    .forEach((withdrawal, withdrawnCounts) -> card.append("| ")
                            .append(cell(withdrawal.selector().describe()))
                            .append(" | ")
                            .append(cell(withdrawal.why()))
                            .append(" | ")
                            .append(withdrawnCounts.samples())
                            .append(" |\n"));
            card.append('\n');
        }
    }

    /** Text of others as the cell of a table: it must not end the cell, nor be markup. */
    static String cell(String text) {
        StringBuilder cell = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\', '|', '`', '*', '[', ']' -> cell.append('\\').appendCodePoint(c);
                case '<' -> cell.append("&lt;");
                case '&' -> cell.append("&amp;");
                default -> cell.appendCodePoint(Character.isISOControl(c) || isLineSeparator(c) ? ' ' : c);
            }
        });
        return cell.toString();
    }

    /** As {@link #cell}, in a code span, in which a backslash is a backslash. */
    static String code(String text) {
        return "`" + text.replaceAll("[`\\p{Cntrl}\u2028\u2029]", " ").replace("|", "\\|") + "`";
    }

    private static boolean isLineSeparator(int c) {
        return c == 0x2028 || c == 0x2029;
    }

    private static void frontMatter(StringBuilder card, ManifestBuilder manifest) {
        Manifest.Labels labels = manifest.plan().recipe().labels();
        card.append("---\nlicense: ").append(labels.license().orElse("unknown")).append('\n');
        if (!labels.languages().isEmpty()) {
            card.append("language:\n");
            labels.languages()
                    .forEach(language -> card.append("- '").append(language).append("'\n"));
        }
        card.append("size_categories:\n- ")
                .append(sizeCategory(manifest.selection().kept()))
                .append('\n');
        card.append("tags:\n- deliberative-alignment\n- safety\n- reasoning\n- not-for-all-audiences\n");
        FileSection.configurations(card, manifest);
        card.append("---\n\n");
    }

    /** The categories of the Hugging Face Hub. */
    private static String sizeCategory(long rows) {
        String[] bounds = {"1K", "10K", "100K", "1M", "10M", "100M", "1B"};
        long bound = 1_000;
        for (int i = 0; i < bounds.length; i++, bound *= 10) {
            if (rows < bound) {
                return i == 0 ? "n<1K" : bounds[i - 1] + "<n<" + bounds[i];
            }
        }
        return "1B<n<10B";
    }

    static void table(StringBuilder card, String title, Map<String, Long> counts) {
        if (counts.isEmpty()) {
            return;
        }
        card.append("| ").append(title).append(" | rows |\n|---|---:|\n");
        sorted(counts)
                .forEach((value, count) -> card.append("| ")
                        .append(cell(value))
                        .append(" | ")
                        .append(count)
                        .append(" |\n"));
        card.append('\n');
    }

    /** Numbers in their order, other values as they come. */
    private static Map<String, Long> sorted(Map<String, Long> counts) {
        if (!counts.keySet().stream().allMatch(value -> NUMBER.matcher(value).matches())) {
            return counts;
        }
        Map<String, Long> sorted = new TreeMap<>(
                Comparator.<String>comparingDouble(Double::parseDouble).thenComparing(Comparator.naturalOrder()));
        sorted.putAll(counts);
        return sorted;
    }
}
