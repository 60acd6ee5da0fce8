package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.precept.config.ConfigurationException;
import dev.precept.config.NearDuplicateSettings.Policy;
import dev.precept.config.QuotaSettings;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.RowSelector;
import dev.precept.dataset.removal.Purge;
import dev.precept.dataset.semantic.SemanticDuplicates;
import dev.precept.dataset.semantic.SemanticSettings;
import dev.precept.dataset.verify.Verification;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts that are alike in meaning fall to an earlier one, with the vectors of a server that are computed once. */
class SemanticReleaseTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final AtomicInteger texts = new AtomicInteger();
    private HttpServer server;
    private CommittedDataset dataset;

    /** Texts of the same first word have vectors with a cosine above .99, others are nearly orthogonal. */
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/v1/embeddings", exchange -> {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            ObjectNode answer = JSON.createObjectNode();
            for (JsonNode text : request.path("input")) {
                texts.incrementAndGet();
                Random word = new Random(text.asText().split(" ")[0].hashCode());
                Random whole = new Random(text.asText().hashCode());
                var vector = answer.withArray("data").addObject().putArray("embedding");
                for (int n = 0; n < 64; n++) {
                    vector.add(word.nextGaussian() + 0.05 * whole.nextGaussian());
                }
            }
            byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        dataset = new CommittedDataset(folder.resolve("dataset"), folder.resolve("spool"));
        dataset.samples(0, samples(0, 30));
        dataset.samples(1, samples(30, 60));
        dataset.complete();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Two samples for each of 30 prompts; the meanings are those of every tenth. */
    private static List<Sample> samples(int from, int to) {
        List<Sample> samples = new ArrayList<>();
        for (int n = from; n < to; n++) {
            int prompt = n / 2;
            samples.add(SimilarSamples.sample(
                    "meaning" + prompt % 10 + " in words " + prompt,
                    n % 2,
                    "thought " + n,
                    new Seq((long) prompt, 0, n % 2)));
        }
        return samples;
    }

    private static ReleaseSettings settings(String name, SemanticSettings.Policy policy, Optional<String> url) {
        SemanticSettings semantic =
                new SemanticSettings(0.9, policy, url, Optional.of("tiny"), 8, 2, 1000, Optional.empty());
        return new ReleaseSettings(name, List.of(View.SFT), 1)
                .withCuration(new CurationSettings(Optional.of(semantic), QuotaSettings.NONE, Optional.empty()));
    }

    private Optional<String> url() {
        return Optional.of("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    private List<SemanticDuplicates.Estimate> release(ReleaseSettings settings) throws IOException {
        List<SemanticDuplicates.Estimate> estimates = new ArrayList<>();
        ReleaseWork work = new ReleaseWork(folder.resolve("drafts"), Long.MAX_VALUE, 0, 1, _ -> {}, estimates::add);
        assertThat(Release.make(dataset.dataset(), settings, work)).isInstanceOf(Release.Result.Released.class);
        return estimates;
    }

    private List<List<String>> removed(String version) {
        return DuckDb.query("SELECT sample_id, reason, duplicate_of, similarity FROM '"
                + dataset.folder().resolve("releases/" + version) + "/removed/*.parquet' ORDER BY sample_id");
    }

    private List<String> kept(String version) {
        return DuckDb.query("SELECT sample_id FROM '" + dataset.folder().resolve("releases/" + version)
                        + "/sft/*/*.parquet'")
                .stream()
                .map(List::getFirst)
                .toList();
    }

    @Test
    void laterPromptsFallWithTheirSamplesAndNoTextIsComputedTwice() throws IOException {
        List<SemanticDuplicates.Estimate> estimates = release(settings("v1", SemanticSettings.Policy.REJECT, url()));
        assertThat(estimates).singleElement().satisfies(estimate -> {
            assertThat(estimate.texts()).isEqualTo(30);
            assertThat(estimate.missing()).isEqualTo(30);
            assertThat(estimate.calls()).isEqualTo(4);
        });
        assertThat(texts).hasValue(31); // the first one is a check
        List<String> first = samples(0, 20).stream().map(Sample::getSampleId).toList();
        assertThat(kept("v1")).containsExactlyInAnyOrderElementsOf(first);
        assertThat(removed("v1")).hasSize(40).allSatisfy(row -> {
            assertThat(row.get(1)).isEqualTo("semantic_duplicate");
            assertThat(first).contains(row.get(2));
            assertThat(Double.parseDouble(row.get(3))).isBetween(0.98, 1.0);
        });
        assertThat(dataset.manifest("v1").at("/recipe/semantic").toString())
                .isEqualTo("{\"threshold\":0.9,\"policy\":\"reject\",\"model\":\"tiny\",\"max_chars\":1000}");

        dataset.samples(0, samples(60, 62));
        dataset.complete("samples", 0);
        assertThat(release(settings("v2", SemanticSettings.Policy.REPORT, url()))
                        .getFirst()
                        .missing())
                .isEqualTo(1);
        assertThat(texts).hasValue(33);
        assertThat(kept("v2")).hasSize(62);
        assertThat(removed("v2"))
                .hasSize(42)
                .allSatisfy(row -> assertThat(row.get(1)).isEqualTo("similar_meaning"));
        assertThat(dataset.manifest("v2")
                        .at("/removed/reported/similar_meaning")
                        .asInt())
                .isEqualTo(42);
    }

    @Test
    void aVersionIsMadeAgainWithoutAServer() throws IOException {
        assertThatThrownBy(() -> release(settings("v1", SemanticSettings.Policy.REJECT, Optional.of("cached"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "release.semantic: not every prompt has a cached vector of tiny; 'precept release' with a recipe"
                                + " that has release.semantic.url stores them");
        release(settings("v1", SemanticSettings.Policy.REJECT, url()));
        server.stop(0);
        ReleaseSettings again = ReleaseSettings.fromManifest(
                dataset.dataset().versions().manifest("v1").orElseThrow(), "v1b");
        try {
            assertThat(Release.makeFrom(dataset.dataset(), "v1", again, folder.resolve("drafts")))
                    .isInstanceOf(Release.Result.Released.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(kept("v1b")).isEqualTo(kept("v1"));
    }

    /** The first purge deletes all vectors, since texts may be told from them. */
    @Test
    void everyPurgeIsCompletedWithoutAServer() throws IOException {
        release(settings("v1", SemanticSettings.Policy.REJECT, url()));
        server.stop(0);
        purge(0, 1);
        assertThat(dataset.store().list("cache/")).isEmpty();
        assertThat(kept("v1.p1")).containsExactlyInAnyOrderElementsOf(ids(2, 22));
        purge(2, 3);
        assertThat(kept("v1.p1.p2")).containsExactlyInAnyOrderElementsOf(ids(4, 22));
        purge(20, 21);
        assertThat(kept("v1.p1.p2.p3")).containsExactlyInAnyOrderElementsOf(ids(4, 20));
        assertThat(removed("v1.p1.p2.p3"))
                .filteredOn(row -> row.get(1).equals("semantic_duplicate"))
                .hasSize(60 - 6 - 16);
        assertThat(Verification.verify(dataset.dataset(), Optional.empty(), InstantSource.system())
                        .problems())
                .filteredOn(problem -> !problem.toString().contains("spec-1"))
                .isEmpty();
    }

    /** Where that is not installed, the purge would have begun and could not end. */
    @Test
    void aPurgeNeedsNoEmbeddedModel() throws IOException {
        SemanticSettings embedded = new SemanticSettings(
                0.9,
                SemanticSettings.Policy.REJECT,
                url(),
                Optional.of(SemanticSettings.EMBEDDED),
                8,
                2,
                1000,
                Optional.empty());
        release(new ReleaseSettings("v1", List.of(View.SFT), 1)
                .withCuration(new CurationSettings(Optional.of(embedded), QuotaSettings.NONE, Optional.empty())));
        server.stop(0);
        purge(0, 1);
        assertThat(kept("v1.p1"))
                .containsAll(ids(2, 20))
                .doesNotContainAnyElementsOf(ids(0, 2))
                .hasSizeLessThan(21);
    }

    private void purge(int one, int other) throws IOException {
        Set<String> ids = Set.copyOf(
                Stream.of(one, other).flatMap(n -> ids(n, n + 1).stream()).toList());
        Purge.execute(dataset.dataset(), new RowSelector.BySample(ids, Set.of()), "asked", folder.resolve("purge"));
    }

    private static List<String> ids(int from, int to) {
        return samples(from, to).stream().map(Sample::getSampleId).toList();
    }

    @Test
    void aServerThatCannotBeReachedIsSaidBeforeAnythingIsRead() throws IOException {
        server.stop(0);
        assertThatThrownBy(() -> release(settings("v1", SemanticSettings.Policy.REJECT, url())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching(
                        "release.semantic.url: .*127.0.0.1:\\d+.*; start the server, or give 'url: cached' if an"
                                + " earlier release computed the vectors of all prompts");
        assertThat(dataset.store().list("releases/")).isEmpty();
    }

    @Test
    void aServerThatGivesOtherVectorsEndsTheReleaseWithOneLine() throws IOException {
        server.removeContext("/v1/embeddings");
        server.createContext("/v1/embeddings", exchange -> {
            byte[] body = "{\"data\":[{\"embedding\":[1]}]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        assertThatThrownBy(() -> release(settings("v1", SemanticSettings.Policy.REJECT, url())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching(
                        "release.semantic: http://127.0.0.1:\\d+/v1/embeddings answered 1 vectors for 8 texts: the"
                                + " model tiny cannot be used to compare texts");
        assertThat(dataset.dataset().versions().has("v1")).isFalse();
    }

    /** The process ends when near-duplicates are decided, their files are open, and vectors are about to be computed. */
    @Tag("large")
    @Test
    void aReleaseThatIsKilledInItsSearchIsMadeAgainWithTheSameBytes() throws IOException {
        ReleaseSettings settings = settings("v1", SemanticSettings.Policy.REJECT, url())
                .withNearDuplicates(new Manifest.NearDuplicates(Policy.REJECT, Policy.REJECT, 0.8));
        Path copy = folder.resolve("copy");
        Dataset other = CommittedDataset.copyOf(dataset.folder(), copy);
        Jvm.Launch launch = new Jvm.Launch(
                KilledRelease.class, copy.toString(), folder.resolve("drafts").toString(), url().orElseThrow());
        try (Jvm child = Jvm.start(launch, folder.resolve("child.txt"))) {
            assertThat(child.awaitExit(Duration.ofMinutes(1))).isEqualTo(KilledRelease.STATUS);
        }
        assertThat(folder.resolve("drafts")).isNotEmptyDirectory();
        assertThat(copy.resolve("releases/v1/manifest.json")).doesNotExist();
        assertThat(Release.make(other, settings, folder.resolve("drafts"))).isInstanceOf(Release.Result.Released.class);
        assertThat(folder.resolve("drafts")).isEmptyDirectory();
        release(settings);
        assertThat(files(copy)).isEqualTo(files(dataset.folder())).hasSizeGreaterThan(1);
    }

    private static Map<String, String> files(Path dataset) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dataset.resolve("releases/v1"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".parquet")).toList()) {
                hashes.put(dataset.relativize(file).toString(), Sha256.hex(file));
            }
        }
        return hashes;
    }

    /** A process that ends in the middle of a release. */
    static final class KilledRelease {
        static final int STATUS = 9;

        private KilledRelease() {}

        public static void main(String[] args) throws IOException {
            Release.make(
                    Dataset.openExisting(Path.of(args[0])),
                    settings("v1", SemanticSettings.Policy.REJECT, Optional.of(args[2]))
                            .withNearDuplicates(new Manifest.NearDuplicates(Policy.REJECT, Policy.REJECT, 0.8)),
                    new ReleaseWork(
                            Path.of(args[1]),
                            Long.MAX_VALUE,
                            0,
                            1,
                            _ -> {},
                            _ -> Runtime.getRuntime().halt(STATUS)));
        }
    }
}
