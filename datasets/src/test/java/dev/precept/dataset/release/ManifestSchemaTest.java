package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.removal.Withdraw;
import dev.precept.dataset.template.ChatTemplate;
import dev.precept.dataset.view.View;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schema accepts the manifests of real versions and rejects wrong ones. */
class ManifestSchemaTest {
    private static final Path SCHEMA =
            Path.of(System.getProperty("precept.root", ".."), "docs", "reference", "manifest.schema.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static CommittedDataset dataset;

    @BeforeAll
    static void commit() throws IOException {
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        List<Sample> samples =
                IntStream.range(0, 40).mapToObj(NeutralRows::sample).toList();
        dataset.samples(0, samples);
        List<Rejection> fallen = IntStream.range(0, 20)
                .mapToObj(n -> NeutralRows.attempt(n, 1, 1, 2))
                .toList();
        dataset.rejections(1, fallen);
        dataset.rejections(0, List.of(NeutralRows.rejection(90), NeutralRows.rejection(91)));
        dataset.complete();
        release(new ReleaseSettings("full", Arrays.asList(View.values()), 2, 0.25, 3));
        release(new ReleaseSettings("small_1.0", List.of(View.SFT), 1));
    }

    private static void release(ReleaseSettings settings) throws IOException {
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
    }

    private static ObjectNode manifest(String version) {
        return (ObjectNode) dataset.manifest(version);
    }

    @Test
    void aVersionWithEveryViewAndBothSplitsIsValid() throws IOException {
        assertThat(problems(manifest("full"))).isEmpty();
    }

    @Test
    void aVersionWithOneViewIsValid() throws IOException {
        assertThat(problems(manifest("small_1.0"))).isEmpty();
    }

    @Test
    void aVersionWithWithdrawalThresholdAndTemplateIsValid() throws Exception {
        Path template = folder.resolve("chat_template.jinja");
        Files.writeString(
                template,
                "{% for m in messages %}{{ m.role }}: {{ m.reasoning_content or '' }} {{ m.content }}{% endfor %}");
        ReleaseSettings settings = new ReleaseSettings(
                "made", List.of(View.SFT), 4, 2, 0, 3, Optional.of(8.0), List.of(ChatTemplate.read(template)));
        assertThat(Release.makeFrom(dataset.dataset(), "small_1.0", settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        assertThat(manifest("made").path("from").asText()).isEqualTo("small_1.0");
        assertThat(manifest("made").path("recipe").path("templates")).hasSize(1);
        assertThat(problems(manifest("made"))).isEmpty();
        byte[] json = dataset.store().read(Layout.manifest("made")).orElseThrow();
        assertThat(Manifest.read(json).write()).isEqualTo(json);
        RowSelector one = new RowSelector.BySample(Set.of(NeutralRows.sample(7).getSampleId()), Set.of());
        Withdraw.execute(dataset.dataset(), "small_1.0", one, "a name in it", "without", folder.resolve("drafts"));
        assertThat(manifest("without").path("removed").path("withdrawn")).hasSize(1);
        assertThat(problems(manifest("without"))).isEmpty();
    }

    @Test
    void readingAndWritingKeepsTheBytes() throws IOException {
        for (String version : List.of("full", "small_1.0")) {
            byte[] json = dataset.store().read(Layout.manifest(version)).orElseThrow();
            assertThat(Manifest.read(json).write()).isEqualTo(json);
        }
    }

    @Test
    void theSchemaNamesItsDialect() throws IOException {
        JsonNode schema = JSON.readTree(Files.readAllBytes(SCHEMA));
        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("$id").asText()).isEqualTo("urn:precept:manifest");
    }

    private static Arguments mistake(String name, Consumer<ObjectNode> made) {
        return Arguments.of(name, made);
    }

    private static ObjectNode shard(ObjectNode manifest) {
        return (ObjectNode) manifest.path("views").path("sft").path(0);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("no version", m -> m.remove("version")),
                mistake("no offsets", m -> m.remove("offsets")),
                mistake("a version that leads out", m -> m.put("version", "../v1")),
                mistake("an unknown field", m -> m.put("row", 3)),
                mistake("a negative count", m -> m.put("rows", -1)),
                mistake("a count that is a text", m -> m.put("rows", "40")),
                mistake("a count that is no whole number", m -> m.put("rows", 1.5)),
                mistake("an unknown view", m -> ((ObjectNode) m.path("views")).set("dpo", JSON.createArrayNode())),
                mistake("a view without files", m -> ((ObjectNode) m.path("views")).set("sft", JSON.createArrayNode())),
                mistake("a file twice", m -> ((ArrayNode) m.path("views").path("sft")).add(shard(m).deepCopy())),
                mistake("a shard without a hash", m -> shard(m).remove("sha256")),
                mistake("half a hash", m -> shard(m).put("sha256", "0123456789abcdef")),
                mistake("a hash in capitals", m -> shard(m).put("sha256", "A".repeat(64))),
                mistake("an empty file", m -> shard(m).put("bytes", 0)),
                mistake("a path that leads out", m -> shard(m).put("path", "../../secret")),
                mistake("an unknown split", m -> shard(m).put("split", "test")),
                mistake("a card that leads out", m -> ((ObjectNode) m.path("card")).put("path", "/etc/passwd")),
                mistake("a share of one", m -> ((ObjectNode) m.path("recipe")).put("validation", 1)),
                mistake("no shards", m -> ((ObjectNode) m.path("recipe")).put("shards", 0)),
                mistake("a slip in the recipe", m -> ((ObjectNode) m.path("recipe")).put("shard", 2)),
                mistake(
                        "an end without a topic id",
                        m -> ((ObjectNode) m.path("offsets").path(0)).remove("topic_id")),
                mistake("an unknown topic", m -> ((ObjectNode) m.path("offsets").path(0)).put("topic", "verdicts")),
                mistake(
                        "a run without identity",
                        m -> ((ObjectNode) m.path("runs").path(0)).remove("identity")),
                mistake("a histogram of texts", m -> ((ObjectNode) m.path("rejected")).put("LOW_SCORE", "many")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsRejected(String name, Consumer<ObjectNode> mistake) throws IOException {
        ObjectNode manifest = manifest("full");
        mistake.accept(manifest);
        assertThat(problems(manifest)).as(name).isNotEmpty();
    }

    private static List<Error> problems(JsonNode manifest) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMA));
        return schema.validate(manifest);
    }
}
