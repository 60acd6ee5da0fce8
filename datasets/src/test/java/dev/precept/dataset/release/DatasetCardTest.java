package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.precept.config.NearDuplicateSettings;
import dev.precept.config.Recipe;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.View;
import dev.precept.records.Generator;
import dev.precept.records.Leak;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import dev.precept.records.ScreenFindings;
import dev.precept.records.Vote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatasetCardTest {
    private ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT, View.SFT_THINK, View.RAW), 3);

    private String identity = "{\"spec\":\"spec-1\"}";

    @TempDir
    private Path folder;

    @Test
    void theFrontMatterListsEachViewOnce() throws IOException {
        JsonNode configs = frontMatter(card(samples())).path("configs");
        assertThat(configs.valueStream()
                        .map(config -> config.path("config_name").asText()))
                .containsExactly("sft", "sft-think", "raw");
        assertThat(configs.valueStream().filter(config -> config.path("default").asBoolean()))
                .hasSize(1);
        assertThat(configs.valueStream().map(config -> config.path("data_files").path(0)))
                .allSatisfy(files -> assertThat(files.path("split").asText()).isEqualTo("train"));
    }

    /** Hugging Face datasets reads the rows of another dataset from its cache if their configurations are equal. */
    @Test
    void configurationsOfOtherRowsDiffer() throws IOException {
        List<String> all = configurations(card(samples()));
        List<String> fewer = configurations(
                card(folder.resolve("other"), samples().subList(0, samples().size() - 1)));
        assertThat(all).hasSize(3).doesNotContainAnyElementsOf(fewer);
    }

    private static List<String> configurations(String card) throws IOException {
        return frontMatter(card)
                .path("configs")
                .valueStream()
                .map(JsonNode::toString)
                .toList();
    }

    @Test
    void everyViewLoadsThroughThePatternOfTheCard() throws IOException {
        for (JsonNode config : frontMatter(card(samples())).path("configs")) {
            Path pattern = release()
                    .resolve(config.path("data_files").path(0).path("path").asText());
            assertThat(DuckDb.one("SELECT count(*) FROM '" + pattern + "'")).containsExactly("20");
        }
    }

    @Test
    void theSftViewLoadsWithItsConversations() throws IOException {
        Sample sample = samples().get(4);
        String pattern = files(card(samples()), "sft");
        assertThat(DuckDb.one(
                        "SELECT len(messages), messages[1]->>'role', messages[2]->>'content', messages[-1]->>'role', "
                                + "messages[-1]->>'content', messages[-1]->>'reasoning_content', '[' || tools[1] || ']', category[1], cited_clauses[1], "
                                + "judge_min, spec_version FROM '" + pattern + "' WHERE prompt_id = '"
                                + sample.getPromptId()
                                + "'"))
                .containsExactly(
                        "3",
                        "developer",
                        sample.getMessages().get(1).getContent(),
                        "assistant",
                        sample.getAnswer(),
                        sample.getReasoning(),
                        sample.getTools(),
                        "privacy",
                        "benign-K1",
                        "8.5",
                        "spec-1");
    }

    @Test
    void theThinkViewLoadsWithTheReasoningInline() throws IOException {
        Sample sample = samples().get(4);
        String pattern = files(card(samples()), "sft-think");
        assertThat(DuckDb.one("SELECT messages[-1]->>'content' FROM '" + pattern + "' WHERE prompt_id = '"
                        + sample.getPromptId() + "'"))
                .containsExactly("<think>\n" + sample.getReasoning() + "\n</think>\n\n" + sample.getAnswer());
    }

    @Test
    void itListsModelsSpecificationsAndRemovedRows() throws IOException {
        assertThat(card(samples()))
                .contains("20 samples.", "| small-model | 20 |", "| spec-1 | 20 |", "| LOW_SCORE | 1 |")
                .doesNotContain("Mock data");
    }

    @Test
    void mockModelDataIsDeclaredFirst() throws IOException {
        Generator mockModel = Generator.newBuilder(samples().getFirst().getGenerator())
                .setModel("mock-model")
                .build();
        List<Sample> one = List.of(
                Sample.newBuilder(samples().getFirst()).setGenerator(mockModel).build());
        String card = card(one);
        assertThat(card).contains("Mock data.");
        assertThat(card.indexOf("Mock data.")).isLessThan(card.indexOf("Each sample is"));
    }

    @Test
    void itStatesNoLicenceThatWasNotGiven() throws IOException {
        String card = card(samples());
        assertThat(card).contains("**Content warning.**");
        JsonNode matter = frontMatter(card);
        assertThat(matter.path("license").asText()).isEqualTo("unknown");
        assertThat(matter.has("language")).isFalse();
        assertThat(matter.path("size_categories").path(0).asText()).isEqualTo("n<1K");
        assertThat(matter.path("tags").valueStream().map(JsonNode::asText)).contains("not-for-all-audiences");
    }

    @Test
    void licenceAndLanguagesOfTheRecipeAreStated() throws IOException {
        Recipe recipe = Recipe.parse(
                "recipe.yaml", folder, "release: {name: v1, views: [sft], license: cc-by-4.0, language: [en, 'no']}");
        settings = ReleaseSettings.read(recipe);
        recipe.throwProblems();
        JsonNode matter = frontMatter(card(samples()));
        assertThat(matter.path("license").asText()).isEqualTo("cc-by-4.0");
        assertThat(matter.path("language").valueStream().map(JsonNode::asText)).containsExactly("en", "no");
        Recipe wrong = Recipe.parse("recipe.yaml", folder, "release: {license: 'CC BY', language: [English]}");
        ReleaseSettings.read(wrong);
        assertThatThrownBy(wrong::throwProblems)
                .hasMessageContaining("release.license: 'CC BY' is not allowed")
                .hasMessageContaining("release.language: 'English' is not a code");
    }

    @Test
    void textOfOthersCannotLeaveItsCell() throws IOException {
        Sample sample = samples().getFirst();
        Generator generator = Generator.newBuilder(sample.getGenerator())
                .setModel("a\\|b`c\n| x | 9 |\u2028<img src=x>&lt;[l](u)")
                .build();
        String card =
                card(List.of(Sample.newBuilder(sample).setGenerator(generator).build()));
        assertThat(card)
                .contains("| a\\\\\\|b\\`c \\| x \\| 9 \\| &lt;img src=x>&amp;lt;\\[l\\](u) | 1 |")
                .doesNotContain("<img", "| x | 9 |");
    }

    @Test
    void itSaysWhatTheScreensFoundAndWhatWasNotSearched() throws IOException {
        List<Sample> samples = new ArrayList<>(samples().subList(0, 5));
        samples.forEach(sample -> sample.setCitedClauses(List.of("benign-K1")));
        samples.forEach(
                sample -> sample.setFindings(new ScreenFindings("screen/1", List.of(), List.of(), null, null, null)));
        samples.get(0)
                .setFindings(new ScreenFindings(
                        "screen/1",
                        List.of(new Leak("nonce", "reasoning", 3), new Leak("nonce", "answer", 1)),
                        List.of("made-up-1"),
                        null,
                        null,
                        null));
        samples.get(1).setFindings(new ScreenFindings("screen/1", null, List.of(), null, null, null));
        samples.get(2).setCitedClauses(List.of());
        samples.get(3).setFindings(null);

        String card = card(samples);

        assertThat(card)
                .contains(
                        "| betray the request in the reasoning | 1 of 3 |",
                        "| betray the request in the answer | 1 of 3 |",
                        "| cite a clause of the specification | not known |",
                        "| answer: nonce | 1 |",
                        "| reasoning: nonce | 1 |")
                .doesNotContain("| any |", "chain of thought that cites");
        assertThat(DuckDb.query("SELECT findings.detector, len(findings.leaks), findings.leaks[1].kind,"
                        + " findings.leaks[1].part, findings.leaks[1].count, findings.unknown_clauses[1] FROM '"
                        + files(card, "raw") + "' ORDER BY len(findings.leaks) DESC NULLS LAST LIMIT 1"))
                .containsExactly(List.of("screen/1", "2", "nonce", "reasoning", "3", "made-up-1"));
        assertThat(DuckDb.one(
                        "SELECT count(*) FILTER (findings IS NULL), count(*) FILTER (findings.leaks IS NULL) FROM '"
                                + files(card, "raw") + "'"))
                .containsExactly("1", "2");
    }

    @Test
    void aDatasetThatWasNotScreenedSaysSo() throws IOException {
        assertThat(card(samples()))
                .contains(
                        "| cite a clause of the specification | not known |",
                        "| cite what the specification does not hold | not known |",
                        "| betray the request in the reasoning | not known |",
                        "| have personal data | not known |",
                        "| canaries | not known |")
                .doesNotContain("piece of the request |");
    }

    @Test
    void itSaysHowTheSamplesWereMade() throws IOException {
        List<Sample> samples = new ArrayList<>(samples());
        samples.get(0).setCreatedAt(Instant.parse("2026-01-02T23:59:59Z"));
        samples.get(1).setCreatedAt(Instant.parse("2027-03-04T00:00:00Z"));
        samples.get(2).getSource().setLicense(null);
        IntStream.range(0, 25)
                .forEach(n -> samples.get(n % 20).getSource().setName(n < 20 ? "from " + (n % 20) : "many"));
        identity = "{\"generator.temperature\":\"0.7\",\"generator.top_p\":\"null\",\"judge.model\":\"a|b\","
                + "\"judge.votes\":\"3\",\"prompts.files p.jsonl\":\"00\",\"spec\":\"spec-1\"}";
        String card = card(samples);
        assertThat(card)
                .contains("Created from 2023-11-14 to 2027-03-04 (UTC) by 1 run.")
                .contains("| CC0-1.0 | 19 |", "| not stated | 1 |", "| many | 5 |", "| from 9 | 1 |")
                .contains("| parameter of the run | value |", "The prompts were not compared with evaluation sets.");
    }

    @Test
    void itSaysWhichEvaluationSetsPromptsWereComparedWith() throws IOException {
        identity = "{\"spec\":\"spec-1\",\"contamination.compiled\":\"00\",\"contamination.method\":\"idf\","
                + "\"contamination.sets a.csv\":\"01\",\"contamination.sets b.txt\":\"02\"}";
        assertThat(card(samples()))
                .contains("Prompts were compared with the evaluation sets `a.csv (idf)`, `b.txt (idf)`;\n"
                        + "those that hold a question of them are left out.")
                .doesNotContain("| `contamination");
    }

    @Test
    void itSaysWhatATrainerHasToAllowFor() throws IOException {
        List<Sample> samples = samples();
        Sample longest = samples.get(7);
        longest.setReasoning("\ud83d\ude42".repeat(5_000));
        longest.getGenerator().getUsage().setCompletionTokens(2_000L);
        Sample again = Sample.newBuilder(samples.get(3))
                .setSampleId(NeutralRows.sample(3, 1, 9).getSampleId())
                .setSlot(1)
                .setDedup(NeutralRows.sample(3, 1, 9).getDedup())
                .build();
        again.setCitedClauses(List.of("a", "b", "c"));
        List<Sample> all = new ArrayList<>(samples);
        all.add(again);
        String card = card(all);
        assertThat(card)
                .contains("| developer, one turn | 8 |", "| developer, one turn, tools | 13 |")
                .contains("| clauses that the reasoning cites | rows |", "| 3 | 1 |")
                .contains("| 1 | 19 |\n| 2 | 1 |")
                .contains("| reasoning, characters | 47 | 47 | 5000 |", "tokens of the generator | 41 | 41 | 2000 |")
                .contains("Set `max_length` to 2304 or more");
    }

    @Test
    void itSaysWhichViewsTrainTurnsThatNoJudgeScored() throws IOException {
        assertThat(card(samples())).doesNotContain("no judge scored");
        List<Sample> samples = samples();
        for (Sample sample : samples.subList(0, 3)) {
            List<Message> messages = new ArrayList<>(sample.getMessages());
            messages.add(
                    1,
                    Message.newBuilder(messages.getLast())
                            .setContent("Planted.")
                            .build());
            sample.setMessages(messages);
        }
        assertThat(card(folder.resolve("several"), samples))
                .contains("which no judge scored: 3.\nWith `sft`, `sft-think` trainers train on these turns too");
        settings = new ReleaseSettings("v1", List.of(View.SFT_PC, View.RAW), 3);
        assertThat(card(folder.resolve("completion"), samples)).doesNotContain("no judge scored");
    }

    @Test
    void itShowsWhatTheSearchOfNearDuplicatesFinds() throws IOException {
        assertThat(card(samples())).doesNotContain("Jaccard");
        settings = settings.withNearDuplicates(Manifest.NearDuplicates.of(NearDuplicateSettings.DEFAULT));
        assertThat(card(folder.resolve("searched"), samples())).contains("""
                        ```
                        Jaccard .50 .55 .60 .65 .70 .75 .80 .85 .90 .95
                        found %  13  24  40  59  78  92  98  99  99  99
                        ```
                        """);
    }

    @Test
    void itSaysWhichAttemptsAreInNoPair() throws IOException {
        settings = new ReleaseSettings("v1", List.of(View.SFT, View.PREFERENCE), 3);
        List<Sample> samples = List.of(NeutralRows.sample(1, 0, 9), NeutralRows.sample(1, 1, 2));
        assertThat(card(samples)).contains("Rejected attempts that call a tool are in no pair");
        List<Sample> plain = samples.stream().map(NeutralRows::plain).toList();
        assertThat(card(folder.resolve("plain"), plain))
                .contains("Pairs whose answers are equal")
                .doesNotContain("in no pair");
    }

    @Test
    void withoutUsageItSaysToCountTokens() throws IOException {
        List<Sample> samples = samples();
        samples.forEach(sample -> sample.getGenerator().getUsage().setCompletionTokens(0L));
        assertThat(card(samples)).contains("reported no tokens").doesNotContain("tokens of the generator");
    }

    /** All votes of 9 on forty audited samples: there are enough of them, and alpha has nothing to explain. */
    @Test
    void votesThatAreAlikeAreNotTooFew() throws IOException {
        List<Sample> alike = IntStream.range(0, 40)
                .mapToObj(NeutralRows::sample)
                .map(sample -> Sample.newBuilder(sample)
                        .setAudited(true)
                        .setJudge(List.of(
                                sample.getJudge().getFirst(),
                                Vote.newBuilder(sample.getJudge().getFirst())
                                        .setVote(2)
                                        .build()))
                        .setJudgeMin(9)
                        .build())
                .toList();
        assertThat(card(alike))
                .contains("| agreement, Krippendorff's α | all votes alike |", "| agreement, Gwet's AC2 | 1 |");
    }

    private static List<Sample> samples() {
        return IntStream.range(0, 20).mapToObj(NeutralRows::sample).toList();
    }

    private String card(List<Sample> samples) throws IOException {
        return card(folder, samples);
    }

    private String card(Path parent, List<Sample> samples) throws IOException {
        CommittedDataset dataset = new CommittedDataset(parent.resolve("dataset"), parent.resolve("spool"), identity);
        dataset.samples(0, new ArrayList<>(samples));
        dataset.rejections(0, List.of(NeutralRows.rejection(100)));
        dataset.complete();
        Release.make(dataset.dataset(), settings, parent.resolve("drafts"));
        return Files.readString(parent.resolve("dataset/releases/v1/README.md"));
    }

    private Path release() {
        return folder.resolve("dataset/releases/v1");
    }

    private String files(String card, String view) throws IOException {
        for (JsonNode config : frontMatter(card).path("configs")) {
            if (config.path("config_name").asText().equals(view)) {
                return release()
                        .resolve(config.path("data_files").path(0).path("path").asText())
                        .toString();
            }
        }
        throw new AssertionError("no view " + view);
    }

    private static JsonNode frontMatter(String card) throws IOException {
        assertThat(card).startsWith("---\n");
        return new YAMLMapper().readTree(card.substring(4, card.indexOf("\n---\n", 4)));
    }
}
