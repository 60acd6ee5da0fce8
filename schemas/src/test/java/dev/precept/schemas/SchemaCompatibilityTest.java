package dev.precept.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.precept.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Version 1 of every schema is a golden. Newer schemas must be compatible in both directions for rolling upgrades. */
final class SchemaCompatibilityTest {
    static List<Topic<?>> topics() {
        return Topics.all();
    }

    /** Incompatibilities of two schemas in either direction. */
    private static List<String> problems(Schema one, Schema other) {
        List<String> problems = new ArrayList<>();
        unreadable(one, other).forEach(problem -> problems.add("backward: " + problem));
        unreadable(other, one).forEach(problem -> problems.add("forward: " + problem));
        return problems;
    }

    private static List<String> unreadable(Schema reader, Schema writer) {
        SchemaCompatibilityResult result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult();
        return result.getIncompatibilities().stream()
                .map(found -> found.getType() + " at " + found.getLocation() + ": " + found.getMessage())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void everySchemaIsCompatibleWithItsFirstVersion(Topic<?> topic) throws IOException {
        String golden = "v1/" + topic.name() + ".avsc";
        Golden.refresh(
                golden, new ObjectMapper().readTree(topic.schema().toString()).toPrettyString() + "\n");
        Schema first = new Schema.Parser().parse(Golden.read(golden));
        assertThat(problems(topic.schema(), first)).isEmpty();
    }

    @Test
    void noTopicOfTheFirstVersionIsRemoved() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "golden", "v1"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Topics.all().stream()
                            .map(topic -> topic.name() + ".avsc")
                            .toList());
        }
    }

    static Stream<Arguments> plantedFaults() {
        Schema now = Topics.VERDICTS.schema();
        return Stream.of(
                arguments(
                        "a new field without a default",
                        SchemaEdits.with(now, "Vote", "{\"name\": \"mood\", \"type\": \"string\"}")),
                arguments("a field that old readers need is gone", SchemaEdits.without(now, "Vote", "score")),
                arguments(
                        "another type", SchemaEdits.field(now, "Vote", "score", field -> field.put("type", "string"))),
                arguments("another name", SchemaEdits.field(now, "Vote", "reason", field -> field.put("name", "why"))),
                arguments(
                        "a symbol that old readers do not know",
                        SchemaEdits.definition(
                                now, "Reason", reason -> ((ArrayNode) reason.get("symbols")).add("BORED"))),
                arguments(
                        "a symbol less",
                        SchemaEdits.definition(
                                now, "Reason", reason -> ((ArrayNode) reason.get("symbols")).remove(0))));
    }

    @ParameterizedTest
    @MethodSource("plantedFaults")
    void anIncompatibleChangeIsDetected(String fault, Schema changed) {
        assertThat(problems(changed, Topics.VERDICTS.schema())).as(fault).isNotEmpty();
    }

    @Test
    void aNewFieldWithADefaultIsCompatible() {
        Schema grown = SchemaEdits.with(
                Topics.VERDICTS.schema(),
                "Vote",
                "{\"name\": \"mood\", \"type\": [\"null\", \"string\"], \"default\": null}");
        assertThat(problems(grown, Topics.VERDICTS.schema())).isEmpty();
    }
}
