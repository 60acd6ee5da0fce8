package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.prompts.format.SourceFormat;
import dev.precept.runtime.WorkFolder;
import dev.precept.store.s3.Bucket;
import dev.precept.store.s3.S3Settings;
import dev.precept.store.s3.S3Store;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source in a bucket is copied once to the work folder, and then read like a local file. */
@Tag("slow")
class BucketSourcesTest {
    private static final String ROW = "{\"prompt\": \"Hello there\"}\n";

    @TempDir
    static Path objects;

    private static S3Proxy server;

    @TempDir
    Path folder;

    private WorkFolder work;

    @BeforeAll
    static void start() {
        server = S3Proxy.start(objects, "prompts");
        System.setProperty("aws.accessKeyId", S3Proxy.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Proxy.SECRET_KEY);
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        server.close();
    }

    @BeforeEach
    void prepare() {
        work = new WorkFolder(folder.resolve("work"));
        work.prepare();
    }

    @Test
    void theNameSelectsTheFormat() throws IOException {
        Path lines = Files.writeString(folder.resolve("rows.jsonl"), ROW);
        String rows = "FROM read_json(" + DuckDb.quoted(lines) + ")";
        put("in/rows.jsonl", lines);
        put("in/rows.csv", DuckDb.write(folder.resolve("rows.csv"), rows, "FORMAT csv, HEADER"));
        put(
                "in/rows.csv.gz",
                DuckDb.write(folder.resolve("rows.csv.gz"), rows, "FORMAT csv, HEADER, COMPRESSION gzip"));
        put("in/rows.parquet", DuckDb.write(folder.resolve("rows.parquet"), rows, "FORMAT parquet"));
        PromptSettings settings = settings("in/rows.jsonl", "in/rows.csv", "in/rows.csv.gz", "in/rows.parquet");

        List<PromptSource> sources = SourceFiles.read(settings, work, _ -> _ -> {});

        List<String> ids = new ArrayList<>();
        for (PromptSource source : sources) {
            assertThat(source.path()).startsWith(work.resolve("sources"));
            RowReader reader = new RowReader(
                    source.name(), settings, SourceFixture.specification(folder), SourceFixture.PARAMETERS);
            try (PromptReader opened = new PromptReader(source, reader)) {
                ParsedRow.Usable line = (ParsedRow.Usable) Objects.requireNonNull(opened.next());
                assertThat(line.body().getOrigin().getFile()).isEqualTo(source.name());
                ids.add(line.promptId());
            }
        }
        assertThat(sources)
                .extracting(PromptSource::name)
                .containsExactly(
                        "s3://prompts/in/rows.jsonl",
                        "s3://prompts/in/rows.csv",
                        "s3://prompts/in/rows.csv.gz",
                        "s3://prompts/in/rows.parquet");
        assertThat(ids).hasSize(4).containsOnly(ids.getFirst());
    }

    @Test
    void theObjectIsDownloadedAgainOnlyIfItOrItsCopyChanged() throws IOException {
        PromptSettings settings = settings("p.jsonl");
        put("p.jsonl", Files.writeString(folder.resolve("p.jsonl"), ROW));

        PromptSource first = SourceFiles.read(settings, work, _ -> _ -> {}).getFirst();
        Object copy = fileKey(first.path());
        PromptSource second = SourceFiles.read(settings, work, _ -> _ -> {}).getFirst();
        assertThat(second).isEqualTo(first);
        assertThat(fileKey(second.path())).as("the same file").isEqualTo(copy);

        Files.writeString(first.path(), "cut");
        PromptSource restored = SourceFiles.read(settings, work, _ -> _ -> {}).getFirst();
        assertThat(restored.sha256()).isEqualTo(first.sha256());

        put("p.jsonl", Files.writeString(folder.resolve("p.jsonl"), ROW + ROW));
        PromptSource changed = SourceFiles.read(settings, work, _ -> _ -> {}).getFirst();
        assertThat(SourceFiles.identity(List.of(changed), settings))
                .containsKey("prompts.files s3://prompts/p.jsonl")
                .isNotEqualTo(SourceFiles.identity(List.of(first), settings));
        Files.delete(server.file("prompts", "p.jsonl"));
        Files.writeString(server.file("prompts", "p.jsonl"), ROW);
        assertThat(SourceFiles.read(settings, work, _ -> _ -> {}).getFirst().sha256())
                .as("from a server without tags")
                .isEqualTo(first.sha256());
        assertThat(SourceFiles.read(settings, work, _ -> _ -> {}).getFirst().sha256())
                .isEqualTo(first.sha256());
        try (Stream<Path> left = Files.list(work.resolve("sources"))) {
            assertThat(left.filter(file -> file.toString().endsWith(".part"))).isEmpty();
        }
    }

    @Test
    void aDownloadThatFailsIsReportedInOneLine() throws IOException {
        put("bad.json", Files.writeString(folder.resolve("bad.json"), "{\n}"));
        refused(settings("none.csv"), "s3://prompts/none.csv: no such object; name an existing one");
        refused(
                settings("bad.json"),
                "s3://prompts/bad.json:1:1: the top level is not an array; use an array of objects, or the"
                        + " extension .jsonl for one object per line");
        refused(settings("p.txt"), "s3://prompts/p.txt: unknown extension; known are " + SourceFormat.KNOWN);
        assertThat(problems("s3://prompts/", "s3:/slip.csv"))
                .isEqualTo(List.of(
                        "recipe: prompts.files: s3://prompts/ names no object; write s3://bucket/key",
                        "recipe: prompts.files: s3:/slip.csv cannot be downloaded: 's3:/slip.csv' is not allowed; give it as"
                                + " s3://bucket/prefix"));
        assertThat(problems("s3://prompts/a.csv", "s3://prompts/a.csv"))
                .isEqualTo(List.of("recipe: prompts.files: s3://prompts/a.csv is named twice; name it once"));
    }

    @Test
    void aStoreThatIsDownIsAnOutage() {
        PromptSettings settings = PromptSettings.read(recipe("http://127.0.0.1:1", "s3://prompts/p.jsonl"));

        assertThatThrownBy(() -> SourceFiles.read(settings, work, _ -> _ -> {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot download s3://prompts/p.jsonl")
                .hasRootCauseInstanceOf(IOException.class);
    }

    private void refused(PromptSettings settings, String problem) {
        assertThatThrownBy(() -> SourceFiles.read(settings, work, _ -> _ -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(problem);
    }

    private static List<String> problems(String... names) {
        Recipe recipe = recipe(server.endpoint().toString(), names);
        PromptSettings.read(recipe);
        try {
            recipe.throwProblems();
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems();
        }
    }

    private static PromptSettings settings(String... keys) {
        return PromptSettings.read(recipe(
                server.endpoint().toString(),
                Stream.of(keys).map(key -> "s3://prompts/" + key).toArray(String[]::new)));
    }

    private static Recipe recipe(String endpoint, String... names) {
        return Recipe.parse(
                "recipe",
                Path.of("/"),
                "s3: {endpoint: '" + endpoint + "'}\nprompts: {files: ['" + String.join("', '", names) + "']}\n");
    }

    private static void put(String key, Path file) throws IOException {
        S3Settings settings = S3Settings.read((name, _) ->
                name.equals("endpoint") ? Optional.of(server.endpoint().toString()) : Optional.empty());
        S3Store bucket = S3Store.open(Bucket.parse("s3://prompts"), settings);
        bucket.delete(key);
        assertThat(bucket.createIfAbsent(key, Files.readAllBytes(file))).isTrue();
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
    }
}
