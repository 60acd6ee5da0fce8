package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the snippets of docs/how-to/load-in-your-trainer.md on a pulled folder. */
class LoadingHowToTest {
    private static final Path PAGE =
            Path.of(System.getProperty("precept.root", ".."), "docs", "how-to", "load-in-your-trainer.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

    /** What a supervised trainer computes the loss on. */
    private static final String TRAINED = """

            print("STEPS", trainer.state.global_step)
            if type(trainer).__name__ == "SFTTrainer":
                batch = trainer.data_collator([trainer.train_dataset[0]])
                loss = batch["input_ids"][0][batch["labels"][0] != -100]
                print("TRAINED", repr(trainer.processing_class.decode(loss.tolist())))
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void pullAsDocumented() throws Exception {
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(
                0,
                IntStream.range(0, 60)
                        .mapToObj(n -> NeutralRows.plain(NeutralRows.sample(n)))
                        .toList());
        List<Rejection> fallen = IntStream.range(0, 60)
                .mapToObj(n -> NeutralRows.plain(NeutralRows.attempt(n, 1, 1, 2)))
                .toList();
        dataset.rejections(0, fallen);
        dataset.complete();
        List<View> views = List.of(View.SFT, View.SFT_PC, View.PREFERENCE, View.RL, View.RAW);
        Release.make(dataset.dataset(), new ReleaseSettings("v1", views, 2, 0.25, 3), folder.resolve("drafts"));
        for (View view : views) {
            Pull.prepare(dataset.dataset(), "v1", view.label(), folder.resolve("data/v1"))
                    .copy(2, copiedFile -> {});
        }
    }

    @Test
    void everySqlBlockReturnsRows() throws IOException {
        List<String> blocks = blocks("DuckDB", "sql");
        assertThat(blocks).hasSize(2);
        for (String sql : blocks) {
            assertThat(DuckDb.query(
                            sql.replace("data/v1", folder.resolve("data/v1").toString())))
                    .as(sql)
                    .isNotEmpty();
        }
        assertThat(DuckDb.one(blocks.get(1)
                        .replace("data/v1", folder.resolve("data/v1").toString())))
                .containsExactly("spec-1", "60", "6.5");

        String files = "'" + folder.resolve("data/v1") + "/sft/train/*.parquet'";
        String asTheStarterSpells = "(SELECT * REPLACE (['Privacy'] AS category) FROM " + files + ")";
        assertThat(DuckDb.query(blocks.getFirst().replace("'data/v1/sft/train/*.parquet'", asTheStarterSpells)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnabledIfEnvironmentVariable(named = "PRECEPT_PYTHON", matches = ".+", disabledReason = "no Python is named")
    @CsvSource({"Hugging Face datasets, 3", "pyarrow, 1", "pandas, 1", "Polars, 1", "OpenRLHF, 1", "Axolotl, 1"})
    void everyPythonBlockOfTheseRuns(String heading, int expected) throws IOException, InterruptedException {
        List<String> blocks = blocks(heading, "python");
        assertThat(blocks).hasSize(expected);
        String python = String.valueOf(System.getenv("PRECEPT_PYTHON"));
        for (String block : blocks) {
            assertThat(run(python, block)).as(block).isNotBlank();
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "PRECEPT_PYTHON", matches = ".+", disabledReason = "no Python is named")
    void theBlocksForTrlTrainOnTheJudgedTurnOnly() throws IOException, InterruptedException {
        List<String> blocks = blocks("TRL", "python");
        assertThat(blocks).hasSize(3);
        String python = String.valueOf(System.getenv("PRECEPT_PYTHON"));
        assumeThat(run(python, "import importlib.util as i; print(all(i.find_spec(m) for m in ('trl', 'torch')))"))
                .as("%s has trl and torch", python)
                .contains("True");
        String script = "import sys\nsys.argv = ['', 'tiny', 'qwen3.jinja', 'Answer to question', 'Because of']\n"
                + resource("/trainer/tiny_model.py");
        run(python, script);
        List<String> steps = new ArrayList<>();
        for (String block : blocks) {
            String two = block.replace("Qwen/Qwen3-0.6B", "tiny")
                    .replace(
                            "output_dir=\"out\"",
                            "output_dir=\"out\", max_steps=2, use_cpu=True, report_to=[], disable_tqdm=True");
            steps.add(run(python, two + TRAINED));
        }
        assertThat(steps).allSatisfy(said -> assertThat(said).contains("STEPS 2"));
        assertThat(steps.getFirst())
                .contains("TRAINED '<think>\\nBecause of [benign-K1]")
                .containsPattern("TRAINED .*Answer to .*<\\|im_end\\|>")
                .doesNotContainPattern("TRAINED .*Be kind")
                .doesNotContainPattern("TRAINED .*<\\|im_start\\|>");
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = LoadingHowToTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String run(String python, String block) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(python, "-c", block)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(Map.of("HF_HOME", folder.resolve("hf").toString(), "HF_HUB_OFFLINE", "1"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(said);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private static List<String> blocks(String heading, String language) throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("\n## " + heading + "\n");
        assertThat(begin).as("the heading %s", heading).isPositive();
        int end = page.indexOf("\n## ", begin + 1);
        Matcher block = BLOCK.matcher(page.substring(begin, end < 0 ? page.length() : end));
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            if (block.group(1).equals(language)) {
                blocks.add(block.group(2));
            }
        }
        return blocks;
    }
}
