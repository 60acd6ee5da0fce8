package dev.precept.dataset.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.NeutralRows;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ViewProjectionTest {
    private final Sample sample = NeutralRows.sample(1);
    private final Sample worse = NeutralRows.sample(2);
    private final RowInput rowInput = new RowInput(sample, worse, Split.VALIDATION, 7);

    @Test
    void sftIsTheConversationAndOneAssistantTurnWithItsReasoning() {
        assertThat(column(View.SFT, "messages")).isEqualTo(sample.getMessages());
        Message last = sample.getMessages().getLast();
        assertThat(last.getReasoningContent()).isEqualTo(sample.getReasoning());
        assertThat(last.getContent()).isEqualTo(sample.getAnswer());
    }

    @Test
    void sftThinkHasTheReasoningInlineAndNowhereElse() {
        Message last = messages(View.SFT_THINK).getLast();
        assertThat(last.getContent())
                .isEqualTo("<think>\n" + sample.getReasoning() + "\n</think>\n\n" + sample.getAnswer());
        assertThat(last.getReasoningContent()).isNull();
        assertThat(messages(View.SFT_THINK).subList(0, 2))
                .isEqualTo(sample.getMessages().subList(0, 2));
    }

    @Test
    void preferenceIsThePromptAndTwoAnswers() {
        assertThat(column(View.PREFERENCE, "prompt"))
                .isEqualTo(sample.getMessages().subList(0, 2));
        assertThat(column(View.PREFERENCE, "chosen"))
                .isEqualTo(List.of(sample.getMessages().getLast()));
        assertThat(column(View.PREFERENCE, "rejected"))
                .isEqualTo(List.of(worse.getMessages().getLast()));
        assertThat(View.PREFERENCE.schema().getFields().stream().map(Schema.Field::name))
                .startsWith("prompt", "chosen", "rejected", "score_chosen", "score_rejected", "prompt_id", "category");
    }

    @Test
    void rlIsThePromptWithRewardInputsAndNoAnswer() {
        assertThat(column(View.RL, "prompt")).isEqualTo(sample.getMessages().subList(0, 2));
        assertThat(column(View.RL, "data_source")).isEqualTo("prompts.jsonl");
        assertThat(column(View.RL, "ability")).isEqualTo("safety");
        assertThat(column(View.RL, "reward_model"))
                .hasToString("{\"style\": \"model\", \"ground_truth\": \"harmless\"}");
        assertThat(column(View.RL, "extra_info").toString())
                .startsWith("{\"split\": \"validation\", \"index\": 7, \"prompt_id\": \"" + sample.getPromptId() + "\"")
                .contains("\"category\": [\"privacy\", \"violence\"]", "\"spec_version\": \"spec-1\"")
                .contains("\"spec_excerpt_sha256\": \"" + sample.getSpecExcerptSha256() + "\"");
        assertThat(View.RL.row(rowInput).toString()).doesNotContain(sample.getAnswer(), "Because of");
    }

    @Test
    void aProjectionDoesNotChangeTheSample() {
        Sample before = Sample.newBuilder(sample).build();
        for (View view : View.values()) {
            view.row(rowInput);
        }
        assertThat(sample).isEqualTo(before);
    }

    @Test
    void rawHasAllColumnsOfASample() {
        IndexedRecord row = View.RAW.row(rowInput);
        assertThat(View.RAW.schema().getFields().stream().map(Schema.Field::name))
                .containsExactlyElementsOf(Sample.getClassSchema().getFields().stream()
                        .map(Schema.Field::name)
                        .toList());
        for (String name : List.of("sample_id", "messages", "answer", "generator", "dedup", "source")) {
            assertThat(column(View.RAW, name))
                    .isEqualTo(sample.get(Sample.getClassSchema().getField(name).pos()));
        }
        assertThat(row.toString())
                .contains("\"criteria\": [{\"name\": \"", "\"score\": ")
                .contains("\"created_at\": " + sample.getCreatedAt().toEpochMilli());
    }

    /** Hugging Face datasets has no type for a map. */
    @ParameterizedTest
    @EnumSource(View.class)
    void noViewHasAMap(View view) {
        assertThat(new AvroSchemaConverter(new PlainParquetConfiguration())
                        .convert(view.schema())
                        .toString())
                .doesNotContain("(MAP)")
                .contains("(LIST)");
    }

    @ParameterizedTest
    @EnumSource(
            value = View.class,
            names = {"SFT", "SFT_THINK"})
    void aTrainingRowCanBeTracedAndJudgedByItsColumns(View view) {
        assertThat(view.schema().getFields().stream().map(Schema.Field::name))
                .containsExactly(
                        "sample_id",
                        "prompt_id",
                        "slot",
                        "messages",
                        "tools",
                        "category",
                        "spec_version",
                        "spec_excerpt_sha256",
                        "cited_clauses",
                        "judge_min",
                        "generator_model",
                        "run_id");
        assertThat(column(view, "sample_id")).isEqualTo(sample.getSampleId());
        assertThat(column(view, "tools")).isEqualTo(sample.getTools());
        assertThat(column(view, "cited_clauses")).isEqualTo(sample.getCitedClauses());
        assertThat(column(view, "judge_min")).isEqualTo(sample.getJudgeMin());
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void aViewIsFoundByItsLabel(View view) {
        assertThat(View.byLabel(view.label())).hasValue(view);
        assertThat(view.label()).matches("[a-z-]+");
    }

    @Test
    void anUnknownLabelHasNoView() {
        assertThat(View.byLabel("SFT")).isEmpty();
        assertThat(View.byLabel("parquet")).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private List<Message> messages(View view) {
        return (List<Message>) column(view, "messages");
    }

    private Object column(View view, String name) {
        IndexedRecord row = view.row(rowInput);
        return row.get(view.schema().getField(name).pos());
    }
}
