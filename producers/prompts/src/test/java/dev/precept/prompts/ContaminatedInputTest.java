package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.Recipe;
import dev.precept.prompts.evaluation.ContaminationSettings;
import dev.precept.prompts.evaluation.EvaluationSets;
import dev.precept.records.Contamination;
import dev.precept.records.PersonalFinding;
import dev.precept.records.PersonalScreen;
import dev.precept.records.RunParameters;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.TrustedRecords;
import dev.precept.spec.Specification;
import dev.precept.text.contamination.ContaminationDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts that hold a question of an evaluation set are known before the first record is sent. */
final class ContaminatedInputTest {
    private static final String QUESTION = "How many oars do three boats need if each rower holds two of them?";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private CheckedInput check(PromptSettings settings, Specification specification) {
        return SourceFiles.check(
                settings, new WorkFolder(folder.resolve("work")), specification, SourceFixture.PARAMETERS);
    }

    @Test
    void theRecordNamesSetRowAndWordsAndTheReportSaysHowMany() throws IOException {
        DuckDb.write(
                folder.resolve("boats.parquet"),
                "SELECT * FROM (VALUES (1, 'How long is a rope?', [1, 2]), (2, '" + QUESTION
                        + "', [3])) t(id, question, x)",
                "FORMAT parquet");
        String turn = "{\"role\": \"%s\", \"content\": \"" + QUESTION + "\"}";
        SourceFixture.file(
                folder,
                "a.jsonl",
                "{\"prompt\": \"My teacher asks: " + QUESTION.toLowerCase(Locale.ROOT) + "\"}",
                "{\"messages\": [" + turn.formatted("system") + ", {\"role\": \"user\", \"content\": \"Hi\"}]}",
                "{\"messages\": [" + turn.formatted("user") + ", {\"role\": \"assistant\", \"content\": \"Six\"},"
                        + " {\"role\": \"user\", \"content\": \"Why?\"}]}",
                "{\"prompt\": \"How many boats float?\"}",
                "{\"prompt\": \"\"}");
        SourceFixture.file(folder, "b.jsonl", "{\"prompt\": \"" + QUESTION + " Please.\"}");
        Recipe recipe = Recipe.parse(
                "r",
                folder,
                "prompts: {files: [a.jsonl, b.jsonl], max_unusable: 0.2}\ncontamination: {sets: [boats.parquet]}");
        PromptSettings settings = PromptSettings.read(recipe);
        Specification specification = SourceFixture.specification(folder);

        CheckedInput input = check(settings, specification);

        assertThat(input.report().headline())
                .isEqualTo("6 prompts, 5 without a category (given all clauses), 3 contaminated");
        assertThat(input.report().lines())
                .contains(
                        "prompts: a contaminated prompt ends as CONTAMINATED; of boats (3); a.jsonl:1 holds row 2 of boats",
                        "b.jsonl: 1 of its 1 prompts are contaminated; is it the evaluation set itself?")
                .noneMatch(line -> line.startsWith("a.jsonl: "));
        List<@Nullable Contamination> found = new ArrayList<>();
        ContaminationDetector detector =
                new ContaminationDetector(input.evaluationSets().index());
        for (PromptSource source : input.sources()) {
            RowReader rows = new RowReader(source.name(), settings, specification, SourceFixture.PARAMETERS, detector);
            try (PromptReader reader = new PromptReader(source, rows)) {
                for (ParsedRow row = reader.next(); row != null; row = reader.next()) {
                    if (row instanceof ParsedRow.Usable usable) {
                        found.add(usable.body().getContamination());
                    }
                }
            }
        }
        Contamination hit = new Contamination(
                "boats", 2L, "how many oars do three boats need if each rower holds two of them", "ngram13", 1.0);
        assertThat(found).containsExactly(hit, null, hit, null, hit);
        assertThat(SourceFiles.identity(input, settings))
                .containsEntry("contamination.compiled", input.evaluationSets().sha256())
                .containsEntry("contamination.method", "ngram13");
    }

    @Test
    void aPromptWithPersonalDataIsFoundBeforeAnyCallWhereTheRunRejectsIt() throws IOException {
        SourceFixture.file(
                folder,
                "a.jsonl",
                "{\"prompt\": \"Who is at the door?\"}",
                "{\"prompt\": \"Write to anna@post.de and call +49 30 901820.\"}");
        Recipe recipe = Recipe.parse("r", folder, "prompts: {files: [a.jsonl]}");
        PromptSettings settings = PromptSettings.read(recipe);
        Specification specification = SourceFixture.specification(folder);
        TrustedRecords.trust();
        RunParameters reject = RunParameters.newBuilder(SourceFixture.PARAMETERS)
                .setPersonalScreen(PersonalScreen.REJECT)
                .build();

        assertThat(check(settings, specification).report().lines()).noneMatch(line -> line.contains("PERSONAL"));
        CheckedInput input = SourceFiles.check(settings, new WorkFolder(folder.resolve("work")), specification, reject);

        assertThat(input.report().lines())
                .contains(
                        "prompts: a prompt with personal data ends as PERSONAL_DATA (1); a.jsonl:2 holds 1 email in the"
                                + " prompt, 1 phone in the prompt")
                .noneMatch(line -> line.contains("anna"));
        PromptSource source = input.sources().getFirst();
        List<@Nullable List<PersonalFinding>> found = new ArrayList<>();
        try (PromptReader reader =
                new PromptReader(source, new RowReader(source.name(), settings, specification, reject))) {
            for (ParsedRow row = reader.next(); row != null; row = reader.next()) {
                found.add(((ParsedRow.Usable) row).body().getPersonal());
            }
        }
        assertThat(found)
                .containsExactly(
                        null,
                        List.of(new PersonalFinding("email", "prompt", 1), new PersonalFinding("phone", "prompt", 1)));
    }

    /** A column that no question is read from may have any type. */
    @Test
    void columnsOfParquetMayBeNested() throws IOException {
        ParquetFixture.file(
                folder.resolve("n.parquet"),
                "message m { required group inquiry { required binary en (STRING); } required int96 at; }",
                List.of(row -> {
                    row.addGroup("inquiry").add("en", QUESTION);
                    row.add("at", Binary.fromConstantByteArray(new byte[12]));
                }));
        assertThat(compared("{file: n.parquet, columns: [inquiry.en]}")).isEqualTo(1);
        assertThatThrownBy(() -> compared("{file: n.parquet, columns: [inquiry]}"))
                .hasMessageContaining("n.parquet:row 1: no text in 'inquiry'");
        assertThatThrownBy(() -> compared("{file: n.parquet, columns: [at]}"))
                .hasMessageContaining("evaluation set n.parquet: column 'at' is of type INT96; supported are strings");
        assertThatThrownBy(() -> compared("n.parquet"))
                .hasMessageContaining("no column with a known name of a question; the columns are 'inquiry', 'at'");
    }

    private long compared(String set) {
        Recipe recipe = Recipe.parse("r", folder, "contamination: {sets: [" + set + "]}");
        EvaluationSets sets =
                EvaluationSets.read(ContaminationSettings.read(recipe), new WorkFolder(folder.resolve("work")));
        return sets.counts().values().iterator().next().compared();
    }

    @Test
    void withoutSetsNothingIsComparedAndTheIdentityIsAsBefore() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), "{\"prompt\": \"" + QUESTION + "\"}\n");
        PromptSettings settings = PromptSettings.read(Recipe.parse("r", folder, "prompts: {files: [a.jsonl]}"));

        CheckedInput input = check(settings, SourceFixture.specification(folder));

        assertThat(input.report().headline()).isEqualTo("1 prompt, 1 without a category (given all clauses)");
        assertThat(SourceFiles.identity(input, settings).keySet()).noneMatch(key -> key.startsWith("contamination"));
    }
}
