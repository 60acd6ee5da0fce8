package dev.precept.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.records.InvalidReason;
import dev.precept.records.Origin;
import dev.precept.records.Reason;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamingTest {
    private static final Origin ORIGIN = new Origin("prompts/a.jsonl", "q#7", 3L);

    @ParameterizedTest
    @ValueSource(strings = {"a", "precept-7f3", "A_b-9", "0"})
    void aTopicPrefixIsLettersDigitsUnderscoreAndHyphen(String prefix) {
        Namespace namespace = new Namespace(prefix);
        assertThat(namespace.name(Topics.SAMPLES)).isEqualTo(prefix + ".samples");
        assertThat(namespace.subject(Topics.SAMPLES)).isEqualTo(prefix + ".samples-value");
        assertThat(namespace.group("streams")).isEqualTo(prefix + ".streams");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a.b", "a b", "a/b", "\u00e4", "a\n", "a:b"})
    void anyOtherTopicPrefixIsRejectedWithTheAllowedCharacters(String prefix) {
        assertThatThrownBy(() -> new Namespace(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + prefix + "'")
                .hasMessageContaining("letters, digits");
    }

    @Test
    void aTopicPrefixHasAtMostAHundredCharacters() {
        assertThat(new Namespace("a".repeat(100)).prefix()).hasSize(100);
        assertThatThrownBy(() -> new Namespace("a".repeat(101))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyTopicHasAUniqueName() {
        assertThat(Topics.all()).hasSize(17).extracting(Topic::name).doesNotHaveDuplicates();
    }

    @Test
    void aSlotIdIsPromptAndNumberAndForOtherOriginsTheOriginToo() {
        SlotRef ref = new SlotRef("run", "cafe", ORIGIN, 2, 1, 1);
        assertThat(SlotId.of("cafe", 2)).isEqualTo("cafe#2").isEqualTo(SlotId.of(ref));
        assertThat(SlotId.of("cafe", ORIGIN, 2)).isEqualTo("cafe@prompts/a.jsonl:3:q#7#2");
        assertThat(SlotId.originKey(ORIGIN)).isEqualTo("prompts/a.jsonl:3:q#7");
        assertThat(SlotId.originKey(new Origin("a.jsonl", "3", 3L))).isEqualTo("a.jsonl:3");
    }

    @Test
    void aSampleIdIsMadeOfRunAndSlot() {
        assertThat(List.of(
                        SlotId.sampleId("run", "cafe#0"),
                        SlotId.sampleId("run", "cafe#1"),
                        SlotId.sampleId("run2", "cafe#0")))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{64}"));
        assertThat(SlotId.sampleId("run", "cafe#0")).isEqualTo(SlotId.sampleId("run", "cafe#0"));
    }

    @Test
    void everyRejectionReasonAppearsOnce() {
        assertThat(Stream.concat(Arrays.stream(Reason.values()), Arrays.stream(InvalidReason.values()))
                        .map(Enum::name))
                .doesNotHaveDuplicates()
                .hasSize(26);
        assertThat(Reason.values()).hasSize(23);
        assertThat(SlotState.values()).hasSize(9);
    }

    @Test
    void everyNamedTypeIsTheSameEverywhere() {
        Map<String, Schema> definitions = new HashMap<>();
        Topics.all().forEach(topic -> collect(topic.schema(), definitions));
        assertThat(definitions).containsKeys("dev.precept.records.Reason", "dev.precept.records.InvalidReason");
        assertThat(definitions.values().stream()
                        .filter(schema -> schema.getType() == Schema.Type.ENUM)
                        .filter(schema -> schema.getEnumSymbols().contains(Reason.LOW_SCORE.name())))
                .extracting(Schema::getName)
                .isEqualTo(List.of("Reason"));
    }

    private static void collect(Schema schema, Map<String, Schema> definitions) {
        if (Set.of(Schema.Type.RECORD, Schema.Type.ENUM).contains(schema.getType())) {
            Schema known = definitions.putIfAbsent(schema.getFullName(), schema);
            assertThat(schema).isEqualTo(known == null ? schema : known);
            if (known != null) {
                return;
            }
        }
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> collect(field.schema(), definitions));
            case ARRAY -> collect(schema.getElementType(), definitions);
            case MAP -> collect(schema.getValueType(), definitions);
            case UNION -> schema.getTypes().forEach(branch -> collect(branch, definitions));
            default -> {}
        }
    }
}
