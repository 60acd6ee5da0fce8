package dev.precept.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.config.QuotaSettings;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.spec.Risk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A manifest that is read is complete and well typed; what is wrong is named by its path. */
class ManifestReadTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HASH = "0123456789abcdef".repeat(4);

    private static Manifest manifest() {
        Map<String, Long> none = Map.of();
        return new Manifest(
                "v2",
                Optional.of("v1"),
                "dataset-1",
                Manifest.writerOfThisBuild(),
                2,
                Map.of(Split.TRAIN, 1L, Split.VALIDATION, 1L),
                new Manifest.Tokens(10, 4, 20, 5),
                new Manifest.ReleaseRecipe(
                        List.of(View.SFT_THINK, View.SFT),
                        2,
                        1,
                        0.25,
                        List.of(new Manifest.EarlierSplits(
                                "v0",
                                0.1,
                                true,
                                Optional.of(0.75),
                                List.of(new Manifest.ChainOffset(new ChainId("samples", "topic-s", 0), 3)))),
                        Optional.of(3.0),
                        Optional.of(7.5),
                        List.of(new Manifest.Template("chat.jinja", HASH)),
                        List.of(
                                new Withdrawal(1, "wrong", new RowSelector.BySource("a")),
                                new Withdrawal(2, "old", new RowSelector.BySpecVersion("b")),
                                new Withdrawal(3, "bad", new RowSelector.BySample(Set.of("c"), Set.of(HASH)))),
                        new Manifest.RowOptions(true, true),
                        new Manifest.Labels(Optional.of("cc-by-4.0"), List.of("en", "de")),
                        new Manifest.NearDuplicates(Policy.REJECT, Policy.REPORT, 0.75),
                        new Manifest.Curation(
                                Optional.of(new Manifest.Semantic(0.9, "reject", "small", 8000)),
                                List.of(
                                        new QuotaSettings.Quota("fraud", Optional.empty(), 30),
                                        new QuotaSettings.Quota("fraud", Optional.of("comply"), 0)),
                                Optional.of(new Manifest.Select(1000, List.of("category", "source"))),
                                Optional.of(Risk.Level.MEDIUM)),
                        Map.of("leaks", 0.0, "alpha", 0.5)),
                List.of(new Manifest.SourceRun("run-1", JSON.createObjectNode().put("spec", "s"), Optional.of(HASH))),
                List.of(new Manifest.ChainOffset(new ChainId("samples", "topic-s", 0), 7)),
                new Manifest.Removed(
                        1,
                        Optional.of(1L),
                        List.of(new Manifest.WithdrawnRows(1, "wrong", 4, 5)),
                        Map.of("near_duplicate_prompt", 2L),
                        Map.of("similar_sample", 1L),
                        new Manifest.RowsFile("removed/removed-00000-of-00001.parquet", 6, 99, HASH)),
                Optional.of(3L),
                Map.of("LOW_SCORE", 2L),
                none,
                Map.of("category", Map.of("x", 2L)),
                Optional.of(JSON.createObjectNode().put("saved_tokens_per_sample", 7)),
                new Manifest.FileEntry("README.md", 9, HASH),
                List.of(new Manifest.FileEntry("specs/" + HASH + "/excerpts/" + HASH + ".md", 9, HASH)),
                Map.of(View.SFT, Map.of(Split.TRAIN, 2L)),
                Map.of(
                        View.SFT,
                        List.of(new Manifest.Shard(
                                "sft/train/train-00000-of-00001.parquet", Split.TRAIN, 2, 99, HASH))));
    }

    @Test
    void aWrittenManifestIsReadBack() throws IOException {
        assertThat(Manifest.read(manifest().write())).isEqualTo(manifest());
    }

    private static Arguments mistake(String message, Consumer<ObjectNode> made) {
        return Arguments.of(message, made);
    }

    private static ObjectNode at(ObjectNode manifest, String pointer) {
        return (ObjectNode) manifest.at(pointer);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("version: is missing", m -> m.remove("version")),
                mistake("version: '../v1' does not match ", m -> m.put("version", "../v1")),
                mistake("writer: 'precept/1.0' is another format", m -> m.put("writer", "precept/1.0")),
                mistake("rows: is not a count", m -> m.put("rows", "2")),
                mistake("rows: is not a count", m -> m.put("rows", -1)),
                mistake("tokens.prompt: is missing", m -> at(m, "/tokens").remove("prompt")),
                mistake("recipe.shards: is not a count", m -> at(m, "/recipe").put("shards", 1.5)),
                mistake(
                        "recipe.views: 'dpo' is not a view",
                        m -> at(m, "/recipe").putArray("views").add("dpo")),
                mistake(
                        "recipe.order: is not 'sample_id'",
                        m -> at(m, "/recipe").put("order", "random")),
                mistake(
                        "recipe.withdrawals[2].content_sha256: is missing",
                        m -> at(m, "/recipe/withdrawals/2").remove("content_sha256")),
                mistake("runs[0].identity: is missing", m -> at(m, "/runs/0").remove("identity")),
                mistake(
                        "offsets[0].topic: 'verdicts' is not a topic",
                        m -> at(m, "/offsets/0").put("topic", "verdicts")),
                mistake(
                        "removed.file.path: '../x' does not match",
                        m -> at(m, "/removed/file").put("path", "../x")),
                mistake(
                        "rejected.LOW_SCORE: is not a count",
                        m -> at(m, "/rejected").put("LOW_SCORE", "many")),
                mistake(
                        "card.path: '/etc/passwd' does not match",
                        m -> at(m, "/card").put("path", "/etc/passwd")),
                mistake(
                        "splits.sft: 'test' is not a split",
                        m -> at(m, "/splits/sft").put("test", 1)),
                mistake(
                        "views.sft[0].path: 'a/../../b' does not match",
                        m -> at(m, "/views/sft/0").put("path", "a/../../b")),
                mistake(
                        "views.sft[0].sha256: 'AB' does not match",
                        m -> at(m, "/views/sft/0").put("sha256", "AB")),
                mistake(
                        "views.sft[0].rows: is missing",
                        m -> at(m, "/views/sft/0").remove("rows")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsNamed(String message, Consumer<ObjectNode> mistake) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(manifest().write());
        mistake.accept(json);
        byte[] bytes = JSON.writeValueAsBytes(json);
        assertThatThrownBy(() -> Manifest.read(bytes))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aTextThatIsNotAnObjectIsRefusedInOneLine() {
        for (String text : List.of("", "{", "[]", "\"v1\"")) {
            assertThatThrownBy(() -> Manifest.read(text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageStartingWith("is not ")
                    .message()
                    .doesNotContain("\n");
        }
    }
}
