package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts for reinforcement learning have the policy that all clauses of their categories with an action state. */
class ClausePolicyReleaseTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Specification specification() throws IOException {
        Path spec = Files.createDirectories(folder.resolve("spec"));
        Files.writeString(spec.resolve("clauses.md"), """
                ## Ask {#ask action=comply}
                Help.

                ### Nested {#nested}
                More.

                ## Attack {#attack action=Refuse}
                No.

                ## Odd {#odd action=wave}
                Wave.
                """);
        Files.writeString(spec.resolve("spec.yaml"), """
                name: small
                categories:
                  - {name: help, summary: s, clauses: [ask, odd]}
                  - {name: harm, summary: s, clauses: [attack]}
                  - {name: other, summary: s, clauses: [odd]}
                """);
        return SpecFolder.load(spec);
    }

    private static Sample sample(int n, String version, String... categories) {
        return Sample.newBuilder(NeutralRows.plain(NeutralRows.sample(n, 0, 9)))
                .setCategory(List.of(categories))
                .setSideInfo(n == 5 ? "hard refusal" : null)
                .setSpecVersion(version)
                .build();
    }

    @Test
    void clausesThatAgreeStateThePolicy() throws IOException {
        Specification specification = specification();
        String version = specification.version();
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.store().createIfAbsent(Layout.specification(version), specification.compile());
        dataset.samples(
                0,
                List.of(
                        sample(0, version, "help"),
                        sample(1, version, "harm"),
                        sample(2, version, "help", "harm"),
                        sample(3, version, "other"),
                        sample(4, version),
                        sample(5, version, "help"),
                        sample(6, "spec-gone", "help")));
        dataset.complete();
        Release.make(dataset.dataset(), new ReleaseSettings("v1", List.of(View.RL), 2), folder.resolve("drafts"));
        assertThat(DuckDb.query("SELECT prompt[2].content, extra_info.response_policy,"
                        + " json_extract_string(label, '$.response_policy') FROM '" + dataset.folder()
                        + "/releases/v1/rl/*/*.parquet' ORDER BY ALL"))
                .containsExactly(
                        List.of("Question 0?", "comply", "comply"),
                        List.of("Question 1?", "refuse", "refuse"),
                        List.of("Question 2?", "null", "null"),
                        List.of("Question 3?", "null", "null"),
                        List.of("Question 4?", "null", "null"),
                        List.of("Question 5?", "hard_refusal", "hard_refusal"),
                        List.of("Question 6?", "null", "null"));
    }
}
