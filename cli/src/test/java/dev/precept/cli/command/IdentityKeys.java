package dev.precept.cli.command;

import dev.precept.cli.run.Identity;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.config.Setting;
import dev.precept.prompts.CheckedInput;
import dev.precept.prompts.SourceFiles;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the keys of a recipe that are part of a run's identity: gives each key another value and compares. */
final class IdentityKeys {
    private static final Pattern RANGE = Pattern.compile("a (?:whole )?number from (-?[\\d.]+)(?: to ([\\d.]+))?");

    private static final String CONTAMINATION = "contamination.";
    private static final String SETS = CONTAMINATION + "sets";

    /** Values of keys whose type does not say which values are valid. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("spec", "other-spec"),
            Map.entry("dataset", "other"),
            Map.entry("prompts.files", "[more.jsonl]"),
            Map.entry("prompts.fields", "{prompt: question}"),
            Map.entry("prompts.limit", "1"),
            Map.entry("prompts.unlabelled", "summary"),
            Map.entry("prompts.category_map", "{other: fraud}"),
            Map.entry("s3.endpoint", "http://127.0.0.1:9000"),
            Map.entry("s3.path_style", "'true'"),
            Map.entry("s3.sse", "AES256"),
            Map.entry("generator.url", "http://127.0.0.1:8000/v1"),
            Map.entry("judge.url", "http://127.0.0.1:8000/v1"),
            Map.entry("generator.endpoints", "{'http://127.0.0.1:8000/v1': 2}"),
            Map.entry("judge.endpoints", "{'http://127.0.0.1:8000/v1': 2}"),
            Map.entry("judge.criteria", "star-1"),
            Map.entry("judge.panel", "[{model: mock-model, votes: 2}]"),
            Map.entry("release.views", "[raw]"),
            Map.entry("release.shards", "16"),
            Map.entry("release.language", "[en]"),
            Map.entry("release.semantic.policy", "reject"),
            Map.entry("release.semantic.url", "http://127.0.0.1:8000/v1"),
            Map.entry("release.select.balance", "[category]"),
            Map.entry("quotas", "[{category: fraud, samples: 3}]"),
            Map.entry("gates.eval.refs", "[stable]"),
            Map.entry("eval.sets", "[{file: set.csv, label: benign}]"),
            Map.entry("budget.usd", "100"),
            Map.entry("budget.tokens", "1000000"),
            Map.entry("reward.bind", "127.0.0.2"),
            Map.entry("streams.commit_interval", "50ms"),
            Map.entry("kafka", "{bootstrap.servers: 'localhost:9092'}"));

    /** Keys that a key needs beside it. */
    private static final Map<String, Map<String, String>> COMPANIONS = Map.ofEntries(
            Map.entry("s3.kms_key", Map.of("s3.sse", "aws:kms")),
            Map.entry("generator.price.prompt", Map.of("generator.price.completion", "1")),
            Map.entry("generator.price.completion", Map.of("generator.price.prompt", "1")),
            Map.entry("release.semantic.policy", Map.of("release.semantic.threshold", "0.9")),
            Map.entry(
                    "release.semantic.url",
                    Map.of("release.semantic.threshold", "0.9", "release.semantic.model", "small")),
            Map.entry(
                    "release.semantic.model",
                    Map.of("release.semantic.threshold", "0.9", "release.semantic.url", "http://127.0.0.1:8000/v1")),
            Map.entry("release.select.balance", Map.of("release.select.total", "10")),
            Map.entry("gates.eval.refs", Map.of("gates.eval.not_unsafe", "0.9")),
            Map.entry(
                    "generator.price.cached", Map.of("generator.price.prompt", "1", "generator.price.completion", "1")),
            Map.entry(
                    "generator.price.reasoning",
                    Map.of("generator.price.prompt", "1", "generator.price.completion", "1")),
            Map.entry("judge.price.prompt", Map.of("judge.price.completion", "1")),
            Map.entry("judge.price.completion", Map.of("judge.price.prompt", "1")),
            Map.entry("judge.price.cached", Map.of("judge.price.prompt", "1", "judge.price.completion", "1")),
            Map.entry("judge.price.reasoning", Map.of("judge.price.prompt", "1", "judge.price.completion", "1")),
            Map.entry("reward.tls.certificate", Map.of("reward.tls.key", "tls.key")),
            Map.entry("reward.tls.key", Map.of("reward.tls.certificate", "tls.crt")),
            Map.entry("judge.canaries.every", Map.of("judge.canaries.file", "canaries.jsonl")),
            Map.entry(
                    "budget.usd",
                    Map.of(
                            "generator.price",
                            "{prompt: 1, completion: 1}",
                            "judge.price",
                            "{prompt: 1, completion: 1}")));

    private final Path folder;
    private final CheckedInput baseInput;
    private final Specification baseSpecification;
    private final Map<String, String> base;

    /** @param folder empty */
    IdentityKeys(Path folder) throws IOException {
        this.folder = folder;
        specification("spec", "Be kind to the reader.");
        specification("other-spec", "Be kind, and brief.");
        String row = "{\"prompt\": \"a\", \"question\": \"b\", \"categories\": [\"fraud\"]}\n";
        Files.writeString(
                folder.resolve("prompts.jsonl"), row + "{\"prompt\": \"without a category\", \"question\": \"c\"}\n");
        Files.writeString(folder.resolve("more.jsonl"), row);
        Files.writeString(folder.resolve("set.txt"), "Which of these is a question of an evaluation set?\n");
        Files.writeString(folder.resolve("generator.template.md"), "{{policies}} {{conversation}}");
        Files.writeString(
                folder.resolve("judge.template.md"),
                "{{policies}} {{conversation}} {{reasoning}} {{answer}} {{side_information}}");
        Files.writeString(
                folder.resolve("reward.template.md"), "{{policies}} {{conversation}} {{answer}} {{side_information}}");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages[0].content }}");
        baseSpecification = SpecFolder.load(folder.resolve("spec"));
        baseInput = input(RunRecipe.read(recipe(), Map.of()), baseSpecification);
        base = identity("", "");
    }

    private void specification(String name, String text) throws IOException {
        Path spec = Files.createDirectories(folder.resolve(name));
        Files.writeString(spec.resolve("clauses.md"), "## Fraud {#fraud-1}\n" + text + "\n");
        Files.writeString(
                spec.resolve("spec.yaml"),
                "name: small\ncategories:\n  - {name: fraud, summary: About fraud., clauses: [fraud-1]}\n");
    }

    boolean contains(Setting setting) {
        String value = VALUES.getOrDefault(setting.key(), another(setting));
        try {
            return !identity(setting.key(), value).equals(base);
        } catch (ConfigurationException e) {
            throw new AssertionError("add a valid value of " + setting.key() + " to IdentityKeys.VALUES", e);
        }
    }

    private Recipe recipe() {
        return Recipe.parse("recipe.yaml", folder, "spec: spec\nprompts: {files: [prompts.jsonl]}\n");
    }

    private Map<String, String> identity(String key, String value) {
        Recipe recipe = recipe();
        if (key.equals("spec")) {
            recipe.override(key, folder.resolve(value).toString());
        } else if (key.equals("prompts.files")) {
            recipe.override(key, List.of(folder.resolve("more.jsonl").toString()));
        } else if (key.endsWith(".template")) {
            recipe.override(key, folder.resolve(key + ".md").toString());
        } else if (key.equals("release.templates")) {
            recipe.override(key, List.of(folder.resolve("chat_template.jinja").toString()));
        } else if (!key.isEmpty() && !key.equals(SETS)) {
            recipe.override(key, value);
        }
        if (key.startsWith(CONTAMINATION)) {
            recipe.override(SETS, List.of(folder.resolve("set.txt").toString()));
        }
        COMPANIONS.getOrDefault(key, Map.of()).forEach(recipe::override);
        RunRecipe read = RunRecipe.read(recipe, Map.of());
        if (!key.equals("spec") && !key.startsWith("prompts.") && !key.startsWith(CONTAMINATION)) {
            return Identity.of(read, baseInput, baseSpecification);
        }
        Specification specification = SpecFolder.load(read.spec());
        return Identity.of(read, input(read, specification), specification);
    }

    private CheckedInput input(RunRecipe recipe, Specification specification) {
        return SourceFiles.check(
                recipe.prompts(),
                new WorkFolder(folder.resolve("work")),
                specification,
                recipe.workers().runParameters());
    }

    /** A valid value that is not the default. */
    private static String another(Setting setting) {
        String type = setting.type();
        String preset = setting.defaultValue();
        Matcher range = RANGE.matcher(type);
        if (range.matches()) {
            boolean whole = type.startsWith("a whole");
            double low = Double.parseDouble(range.group(1));
            double high = range.group(2) == null ? low + 100 : Double.parseDouble(range.group(2));
            double between = preset.equals("none") ? low : Double.parseDouble(preset);
            double step = whole ? 1 : (high - low) / 8;
            double other = between + step <= high ? between + step : between - step;
            return whole ? String.valueOf((long) other) : String.valueOf(other);
        }
        if (type.startsWith("one of ")) {
            return Stream.of(type.substring("one of ".length()).split(", "))
                    .filter(option -> !option.equals(preset))
                    .findFirst()
                    .orElseThrow();
        }
        return switch (type) {
            case "true or false" -> preset.equals("true") ? "false" : "true";
            case "a list of texts" -> "[other]";
            case "a mapping", "a mapping of JSON values" -> "{a: b}";
            default -> type.startsWith("a duration") ? "61s" : "other";
        };
    }
}
