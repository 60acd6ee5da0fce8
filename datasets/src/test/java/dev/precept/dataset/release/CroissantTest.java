package dev.precept.dataset.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description of a version is Croissant 1.1. {@code croissant/context-1.1.json} is appendix 1 of its specification. Without
 * a JSON-LD processor, the rules here are our own: every key is a term of that context or of a vocabulary that it names, every
 * reference has its object, required properties are there.
 */
class CroissantTest {
    /** The properties of Croissant RAI 1.0. */
    private static final Set<String> RAI = Set.of(
            "dataCollection",
            "dataCollectionType",
            "dataCollectionMissingData",
            "dataCollectionRawData",
            "dataCollectionTimeframe",
            "dataImputationProtocol",
            "dataManipulationProtocol",
            "dataPreprocessingProtocol",
            "dataAnnotationProtocol",
            "dataAnnotationPlatform",
            "dataAnnotationAnalysis",
            "dataReleaseMaintenancePlan",
            "personalSensitiveInformation",
            "dataSocialImpact",
            "dataBiases",
            "dataLimitations",
            "dataUseCases",
            "annotationsPerItem",
            "annotatorDemographics",
            "machineAnnotationTools");

    /** Of schema.org, where the context has no term. */
    private static final Set<String> SCHEMA_ORG = Set.of(
            "name",
            "description",
            "url",
            "version",
            "license",
            "creator",
            "datePublished",
            "inLanguage",
            "keywords",
            "distribution",
            "contentUrl",
            "contentSize",
            "encodingFormat",
            "sha256");

    private static final Set<String> PROV = Set.of("wasGeneratedBy", "label", "startedAtTime", "endedAtTime");

    @TempDir
    private static Path folder;

    private static CommittedDataset dataset;
    private static JsonNode croissant;

    @BeforeAll
    static void release() throws IOException {
        dataset = new CommittedDataset(
                folder.resolve("dataset"),
                folder.resolve("spool"),
                "{\"judge.votes\":\"2\",\"judge.model\":\"strict, mild\"}");
        dataset.samples(0, IntStream.range(0, 20).mapToObj(NeutralRows::sample).toList());
        dataset.complete();
        ReleaseSettings settings = new ReleaseSettings("v1", List.of(View.SFT, View.RL, View.RAW), 2, 0.25, 3);
        assertThat(Release.make(dataset.dataset(), settings, folder.resolve("drafts")))
                .isInstanceOf(Release.Result.Released.class);
        croissant = new ObjectMapper()
                .readTree(dataset.folder().resolve("releases/v1/croissant.json").toFile());
    }

    private static JsonNode published() throws IOException {
        try (InputStream context = CroissantTest.class.getResourceAsStream("/croissant/context-1.1.json")) {
            return new ObjectMapper().readTree(context);
        }
    }

    @Test
    void theContextIsThePublishedOneWithThePrefixOfProvenance() throws IOException {
        JsonNode context = croissant.path("@context").deepCopy();
        assertThat(((ObjectNode) context).remove("prov").asText()).isEqualTo("http://www.w3.org/ns/prov#");
        assertThat(context).isEqualTo(published());
    }

    @Test
    void everyKeyIsATermOfAVocabularyThatTheContextNames() {
        Set<String> unknown = new TreeSet<>();
        JsonNode body = croissant.deepCopy();
        ((ObjectNode) body).remove("@context");
        unknownKeys(body, unknown);
        assertThat(unknown).isEmpty();
    }

    private static void unknownKeys(JsonNode node, Set<String> unknown) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String key = member.getKey();
            boolean known = key.startsWith("rai:")
                    ? RAI.contains(key.substring(4))
                    : key.startsWith("prov:")
                            ? PROV.contains(key.substring(5))
                            : Set.of("@type", "@id").contains(key)
                                    || SCHEMA_ORG.contains(key)
                                    || croissant.path("@context").has(key);
            if (!known) {
                unknown.add(key);
            }
        }
        node.forEach(child -> unknownKeys(child, unknown));
    }

    @Test
    void whatTheSpecificationRequiresIsThere() {
        assertThat(croissant.path("@type").asText()).isEqualTo("sc:Dataset");
        assertThat(croissant.path("conformsTo").valueStream().map(JsonNode::asText))
                .contains("http://mlcommons.org/croissant/1.1");
        for (String name : List.of("name", "description", "license", "url", "creator", "datePublished")) {
            assertThat(croissant.has(name)).as(name).isTrue();
        }
        assertThat(croissant.path("datePublished").asText()).isEqualTo("2023-11-14");
        assertThat(croissant.path("rai:machineAnnotationTools").toString()).isEqualTo("[\"mild\",\"strict\"]");
        assertThat(croissant.path("rai:annotationsPerItem").asText()).isEqualTo("2.0");
        assertThat(croissant.path("rai:dataAnnotationAnalysis")).isNotEmpty();
    }

    @Test
    void everyFileHasItsHashAndEveryColumnItsFiles() throws IOException {
        Set<String> ids = new HashSet<>();
        long files = 0;
        for (JsonNode file : croissant.path("distribution")) {
            assertThat(ids.add(file.path("@id").asText())).isTrue();
            if (file.path("@type").asText().equals("cr:FileObject")) {
                Path stored = dataset.folder()
                        .resolve("releases/v1")
                        .resolve(file.path("contentUrl").asText());
                assertThat(file.path("sha256").asText()).isEqualTo(Sha256.hex(stored));
                files++;
            }
        }
        assertThat(files)
                .isEqualTo(dataset.manifest("v1")
                        .path("views")
                        .valueStream()
                        .mapToLong(JsonNode::size)
                        .sum());
        for (JsonNode records : croissant.path("recordSet")) {
            Set<String> columns = new TreeSet<>();
            for (JsonNode field : records.path("field")) {
                assertThat(ids).contains(field.at("/source/fileSet/@id").asText());
                assertThat(field.has("dataType")).isNotEqualTo(field.has("subField"));
                columns.add(field.at("/source/extract/column").asText());
            }
            String view = records.path("@id").asText();
            assertThat(columns)
                    .isEqualTo(new TreeSet<>(DuckDb.query("SELECT column_name FROM (DESCRIBE SELECT * FROM '"
                                    + dataset.folder() + "/releases/v1/" + view + "/train/*.parquet')")
                            .stream()
                            .map(List::getFirst)
                            .toList()));
        }
    }
}
