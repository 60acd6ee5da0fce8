package dev.precept.dataset.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hugging Face datasets loads every view and split, in batch and streaming, with and without tools, without nulls in keys. */
class HuggingFaceLoadTest {
    private static final String SCRIPT = """
            import json, sys
            from datasets import load_dataset
            import pandas, polars, pyarrow.dataset
            folder, tools = sys.argv[1], sys.argv[2] == "true"
            found = {}
            for view in sys.argv[3:]:
                for split in ["train", "validation"]:
                    rows = load_dataset(folder, view, split=split)
                    stream = load_dataset(folder, view, split=split, streaming=True)
                    assert list(stream) == list(rows), (view, split)
                    assert "_arrow_type" not in str(rows.features)
                    for row in rows:
                        columns = [c for c in ("messages", "prompt", "completion", "chosen", "rejected") if c in row]
                        for message in [m for c in columns for m in row[c]]:
                            assert isinstance(message, dict) and isinstance(message["content"], str), message
                            nulls = [key for key, value in message.items() if value is None]
                            assert nulls in ([], ["reasoning_content"]), message
                            assert not (tools and nulls), message
                            for call in message.get("tool_calls", []):
                                assert isinstance(call["function"]["arguments"], dict), call
                        assert ("tools" in row) == tools
                        if row.get("tools"):
                            assert row["tools"][0] == {"type": "function"}, row["tools"]
                    found[view + "/" + split] = rows.num_rows
                    files = f"{folder}/{view}/{split}"
                    assert pyarrow.dataset.dataset(files).count_rows() == rows.num_rows
                    assert len(polars.read_parquet(files + "/*.parquet")) == rows.num_rows
                    assert len(pandas.read_parquet(files)) == rows.num_rows
                if view == "raw":
                    assert {row["response_style"] for row in rows} <= {"comply", None}
                    assert rows[0]["judge"][0]["criteria"][0]["name"] == "helpfulness"
                if view == "rl":
                    label = json.loads(rows[0]["label"])
                    assert label["prompt_id"] == rows[0]["extra_info"]["prompt_id"]
                    assert label["response_policy"] is None
            print(json.dumps(found))
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static Sample sample(int n, int slot, boolean tools) {
        Sample sample = NeutralRows.sample(n, slot, 9 - 6 * slot);
        Sample plain = NeutralRows.plain(sample);
        if (tools && n % 2 == 0) {
            plain.getMessages()
                    .getLast()
                    .setToolCalls("[{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"n" + n + "\\\":1}\"}}]");
        }
        plain.setTools(tools ? sample.getTools() : null);
        return plain;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyViewAndSplitLoads(boolean tools) throws IOException, InterruptedException {
        String python = System.getenv("PRECEPT_PYTHON");
        assumeThat(python)
                .as("PRECEPT_PYTHON names a Python with datasets, pyarrow, pandas and polars")
                .isNotNull();
        CommittedDataset dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        for (int slot = 0; slot < 2; slot++) {
            int number = slot;
            dataset.samples(
                    slot,
                    IntStream.range(0, 60)
                            .mapToObj(n -> sample(n, number, tools))
                            .toList());
        }
        dataset.complete();
        Release.make(
                dataset.dataset(),
                new ReleaseSettings("v1", List.of(View.values()), 2, 0.25, 3),
                folder.resolve("drafts"));
        List<String> command = new ArrayList<>(List.of(
                String.valueOf(python),
                "-c",
                SCRIPT,
                dataset.folder().resolve("releases/v1").toString(),
                String.valueOf(tools)));
        for (View view : View.values()) {
            if (view.isJsonLines()) {
                continue; // no configuration: the format of one is taken for all
            }
            command.add(view.label());
        }
        String said = run(command);
        assertThat(said).contains("\"sft-pc/train\": ", "\"preference-think/validation\": ", "\"raw/train\": ");
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(Map.of("HF_HOME", folder.resolve("hf").toString(), "HF_HUB_OFFLINE", "1"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(said);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
