package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.verify.PulledFolderCheck;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Generator;
import dev.precept.records.Sample;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A version has the excerpts that its prompts name, and what LLaMA-Factory reads; a pull brings both. */
class ExtraFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static final String TEMPLATE = "{{policies}} {{conversation}}";

    @SuppressWarnings("NullAway.Init")
    private CommittedDataset dataset;

    @SuppressWarnings("NullAway.Init")
    private Specification specification;

    @BeforeEach
    void release() throws IOException {
        Path rules = Files.createDirectories(folder.resolve("rules"));
        Files.writeString(rules.resolve("spec.yaml"), """
                name: kitchen
                principles: [be_brief]
                categories:
                  - name: Knives
                    summary: Sharp things.
                    clauses: [knives-K1]
                  - name: Fire
                    summary: Hot things.
                    clauses: [fire-F1]
                """);
        Files.writeString(rules.resolve("clauses.md"), """
                ## Hold it well {#knives-K1}

                By the handle.

                ## Be brief {#be_brief}

                Few words.

                ## Put it out {#fire-F1}

                With a lid.
                """);
        specification = SpecFolder.load(rules);
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.store().createIfAbsent(Layout.specification(specification.version()), specification.compile());
        dataset.samples(
                0,
                IntStream.range(0, 30)
                        .mapToObj(n -> of(
                                n,
                                switch (n % 3) {
                                    case 0 -> List.of("Knives");
                                    case 1 -> List.of("Fire", "Knives");
                                    default -> List.of();
                                }))
                        .toList());
        dataset.complete();
        dataset.dataset().storeTemplate(Sha256.hex(TEMPLATE), TEMPLATE);
        Release.make(
                dataset.dataset(),
                new ReleaseSettings("v1", List.of(View.SFT_THINK, View.RL), 2, 0.3, 3),
                folder.resolve("drafts"));
    }

    /** A prompt without a category was given the whole specification. */
    private Sample of(int n, List<String> categories) {
        Sample sample = NeutralRows.plain(NeutralRows.sample(n));
        return Sample.newBuilder(sample)
                .setGenerator(Generator.newBuilder(sample.getGenerator())
                        .setTemplate(Sha256.hex(TEMPLATE))
                        .build())
                .setCategory(categories)
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(excerpt(categories.isEmpty() ? specification.categories() : categories)
                        .sha256())
                .build();
    }

    private Excerpt excerpt(List<String> categories) {
        return specification.excerpt(categories);
    }

    private Path pull(String view) throws Exception {
        Path to = folder.resolve("pulled-" + view);
        Pull.prepare(dataset.dataset(), "v1", view, to).copy(2, copied -> {});
        return to;
    }

    @Test
    void aPullOfPromptsBringsTheExcerptsThatTheyName() throws Exception {
        Path pulled = pull("rl");
        List<List<String>> named = DuckDb.query("SELECT DISTINCT extra_info.spec_excerpt, "
                + "extra_info.spec_excerpt_sha256, json_extract_string(label, '$.spec_excerpt') FROM '" + pulled
                + "/rl/*/*.parquet'");
        assertThat(named).hasSize(2);
        for (List<String> each : named) {
            assertThat(each.get(2)).isEqualTo(each.getFirst());
            assertThat(Sha256.hex(pulled.resolve(each.getFirst()))).isEqualTo(each.get(1));
        }
        assertThat(named.stream().map(each -> each.get(1)))
                .containsExactlyInAnyOrder(
                        excerpt(List.of("Knives")).sha256(),
                        excerpt(List.of("Knives", "Fire")).sha256());
        assertThat(PulledFolderCheck.verify(pulled, folder.resolve("check"))
                        .result()
                        .problems())
                .isEmpty();
        assertThat(pulled.resolve("llama-factory")).doesNotExist();
        Files.delete(pulled.resolve(named.getFirst().getFirst()));
        assertThat(PulledFolderCheck.verify(pulled, folder.resolve("check"))
                        .result()
                        .problems())
                .hasSize(1);
    }

    @Test
    void aPullOfConversationsBringsNoExcerpts() throws Exception {
        Path pulled = pull("sft-think");
        assertThat(pulled.resolve("specs")).doesNotExist();
        JsonNode sets = new ObjectMapper()
                .readTree(pulled.resolve("llama-factory/dataset_info.json").toFile());
        assertThat(sets.fieldNames()).toIterable().containsExactly("precept_sft_think", "precept_sft_think_validation");
        JsonNode set = sets.path("precept_sft_think");
        assertThat(pulled.resolve("llama-factory").resolve(set.path("file_name").textValue()))
                .isDirectoryContaining("glob:**.parquet");
        assertThat(set.path("formatting").textValue()).isEqualTo("sharegpt");
        assertThat(set.path("columns").toString()).isEqualTo("{\"messages\":\"messages\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sft-think", "rl"})
    void everyPullBringsThePromptsOfTheUsersOwnThatMadeTheRows(String view) throws Exception {
        assertThat(pull(view).resolve(Layout.template(Sha256.hex(TEMPLATE)))).hasContent(TEMPLATE);
    }

    @Test
    void aTemplateThatWasChangedInTheDatasetIsNotReleasedUnderItsHash() throws IOException {
        Files.writeString(dataset.folder().resolve(Layout.template(Sha256.hex(TEMPLATE))), "{{policies}} changed");
        Release.make(
                dataset.dataset(), new ReleaseSettings("v2", List.of(View.RL), 2, 0.3, 3), folder.resolve("drafts"));
        assertThat(dataset.folder().resolve("releases/v2/templates")).doesNotExist();
    }

    @Test
    void everyExtraFileIsVerified() throws IOException {
        assertThat(Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system())
                        .problems())
                .isEmpty();
        JsonNode file = dataset.manifest("v1").at("/extra_files/2");
        Path excerpt = dataset.folder()
                .resolve("releases/v1")
                .resolve(file.path("path").textValue());
        Files.writeString(excerpt, "other rules");
        assertThat(Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system())
                        .problems())
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem.toString()).contains("/excerpts/"));
        assertThatThrownBy(() -> pull("rl"))
                .isInstanceOf(Pull.CorruptFileException.class)
                .hasMessageContaining("/excerpts/");
    }

    @Test
    void theCardSaysWhatThePromptsName() throws IOException {
        assertThat(Files.readString(dataset.folder().resolve("releases/v1/README.md")))
                .contains("`spec_excerpt` names", "No row has tools.")
                .doesNotContain("could not be written");
    }
}
