package dev.precept.dataset.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.NeutralRows;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ViewProjectionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLS = "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"look\","
            + "\"arguments\":\"{\\\"price\\\": 1.10, \\\"n\\\": [1]}\"}}]";

    private final Sample sample = NeutralRows.sample(1);
    private final Sample worse = NeutralRows.sample(2);
    private final RowInput rowInput = new RowInput(sample, worse, Split.VALIDATION, 7);

    private static RowInput input(Sample sample) {
        return new RowInput(sample, sample, Split.TRAIN, 0);
    }

    /** System, user, assistant with a call, tool, and the judged turn with a call. */
    private static Sample calling() {
        List<Message> messages = new ArrayList<>();
        messages.add(message("system", "Be kind.").build());
        messages.add(message("user", "How much?").build());
        messages.add(Message.newBuilder()
                .setRole("assistant")
                .setReasoningContent("earlier")
                .setToolCalls(CALLS)
                .build());
        messages.add(message("tool", "2").setToolCallId("c1").build());
        messages.add(message("assistant", "")
                .setReasoningContent("Let me see.")
                .setToolCalls(CALLS)
                .build());
        return Sample.newBuilder(NeutralRows.sample(1))
                .setMessages(messages)
                .setReasoning("Let me see.")
                .setAnswer("")
                .setTools("[{\"type\":\"function\",\"function\":{\"name\":\"look\"}}]")
                .build();
    }

    /** A user, an assistant with reasoning, and the judged turn. */
    private static Sample plain() {
        return Sample.newBuilder(NeutralRows.sample(3))
                .setMessages(List.of(
                        message("user", "First?").build(),
                        message("assistant", "Yes.")
                                .setReasoningContent("Before.")
                                .build(),
                        message("user", "And now?").build(),
                        message("assistant", "No.")
                                .setReasoningContent("After.")
                                .build()))
                .setReasoning("After.")
                .setAnswer("No.")
                .setTools(null)
                .build();
    }

    private static Message.Builder message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content);
    }

    private static String text(View view, RowFormat format, Sample sample, String column) {
        return String.valueOf(column(view, format, input(sample), column));
    }

    private static Object column(View view, RowFormat format, RowInput input, String name) {
        IndexedRecord row = view.projection(format).row(input);
        return row.get(row.getSchema().getField(name).pos());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SFT          | messages   | ^role, content, reasoning_content | After.",
                "SFT_HARMONY  | messages   | ^role, content, thinking          | After.",
                "SFT_THINK    | messages   | ^role, content                    | ",
                "SFT_PC       | completion | ^role, content, reasoning_content | After.",
                "SFT_PC_THINK | completion | ^role, content                    | ",
                "SFT_PC_HARMONY | completion | ^role, content, thinking        | After.",
                "PREFERENCE_HARMONY | chosen | ^role, content, thinking        | After.",
                "RAW          | messages   | ^role, content, reasoning_content | After."
            })
    void messagesWithoutToolsHaveNoOtherKey(View view, String column, String keys, String reasoning) {
        List<?> messages = (List<?>) column(view, RowFormat.PLAIN, input(plain()), column);
        IndexedRecord last = (IndexedRecord) messages.getLast();
        assertThat("^"
                        + String.join(
                                ", ",
                                last.getSchema().getFields().stream()
                                        .map(Schema.Field::name)
                                        .toList()))
                .isEqualTo(keys);
        if (reasoning == null) {
            assertThat(last.get(1)).isEqualTo("<think>\nAfter.\n</think>\n\nNo.");
        } else {
            assertThat(last.get(1)).isEqualTo("No.");
            assertThat(last.get(2)).isEqualTo(reasoning);
        }
        assertThat(view.projection(RowFormat.PLAIN).schema().getField("tools")).isNull();
    }

    @Test
    void earlierTurnsKeepTheirReasoningInItsFieldAndHaveNoneInline() {
        assertThat(text(View.SFT, RowFormat.PLAIN, plain(), "messages"))
                .contains("{\"role\": \"user\", \"content\": \"First?\", \"reasoning_content\": null}")
                .contains("{\"role\": \"assistant\", \"content\": \"Yes.\", \"reasoning_content\": \"Before.\"}");
        assertThat(text(View.SFT_THINK, RowFormat.PLAIN, plain(), "messages"))
                .contains("{\"role\": \"assistant\", \"content\": \"Yes.\"}")
                .doesNotContain("Before.");
        assertThat(text(View.SFT_HARMONY, RowFormat.PLAIN, plain(), "messages"))
                .as("templates of Harmony search the thinking of each turn, and fail on null")
                .contains("{\"role\": \"user\", \"content\": \"First?\", \"thinking\": \"\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SFT_PC", "SFT_PC_THINK", "SFT_PC_HARMONY"})
    void onlyTheJudgedTurnIsTheCompletion(View view) {
        assertThat((List<?>) column(view, RowFormat.PLAIN, input(plain()), "completion"))
                .hasSize(1);
        assertThat(text(view, RowFormat.PLAIN, plain(), "completion"))
                .contains("No.")
                .doesNotContain("Yes.");
        assertThat((List<?>) column(view, RowFormat.PLAIN, input(plain()), "prompt"))
                .hasSize(3);
        assertThat(text(view, RowFormat.PLAIN, plain(), "prompt"))
                .contains("Yes.")
                .doesNotContain("After.");
    }

    @Test
    void aMessageInJsonHasExactlyItsOwnKeysAndCallsAreObjects() throws IOException {
        List<?> messages = (List<?>) column(View.SFT, RowFormat.JSON, input(calling()), "messages");
        assertThat(messages.stream().map(Object::toString))
                .containsExactly(
                        "{\"role\":\"system\",\"content\":\"Be kind.\"}",
                        "{\"role\":\"user\",\"content\":\"How much?\"}",
                        "{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"earlier\",\"tool_calls\":"
                                + CALLS.replace(
                                        "\"{\\\"price\\\": 1.10, \\\"n\\\": [1]}\"", "{\"price\":1.10,\"n\":[1]}")
                                + "}",
                        "{\"role\":\"tool\",\"content\":\"2\",\"tool_call_id\":\"c1\"}",
                        "{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"Let me see.\",\"tool_calls\":"
                                + CALLS.replace(
                                        "\"{\\\"price\\\": 1.10, \\\"n\\\": [1]}\"", "{\"price\":1.10,\"n\":[1]}")
                                + "}");
        JsonNode inline = JSON.readTree(
                ((List<?>) column(View.SFT_THINK, RowFormat.JSON, input(calling()), "messages")).getLast() + "");
        assertThat(inline.fieldNames()).toIterable().containsExactly("role", "content", "tool_calls");
        assertThat(inline.path("content").textValue()).isEqualTo("<think>\nLet me see.\n</think>\n\n");
        assertThat(text(View.SFT_HARMONY, RowFormat.JSON, calling(), "messages"))
                .contains("\"thinking\":\"Let me see.\"")
                .doesNotContain("reasoning_content", "\"thinking\":\"\"");
    }

    @Test
    void toolsAreAListOfJsonOrNull() {
        assertThat(column(View.SFT, RowFormat.JSON, input(calling()), "tools"))
                .isEqualTo(List.of("{\"type\":\"function\",\"function\":{\"name\":\"look\"}}"));
        assertThat(column(View.SFT, RowFormat.JSON, input(plain()), "tools"))
                .as("an empty list makes templates introduce tools")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "{\\\"cut", "[1]", "7"})
    void argumentsThatAreNoObjectStayText(String arguments) throws IOException {
        Sample called = calling();
        called.getMessages()
                .getLast()
                .setToolCalls("[{\"function\":{\"name\":\"f\",\"arguments\":\"" + arguments + "\"}}]");
        List<?> messages = (List<?>) column(View.SFT, RowFormat.JSON, input(called), "messages");
        JsonNode call = JSON.readTree(messages.getLast().toString()).at("/tool_calls/0/function/arguments");
        assertThat(call.isTextual()).isTrue();
        assertThat(call.textValue()).isEqualTo(arguments.replace("\\\"", "\""));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "3, false"})
    void aVersionNeedsJsonIfARowHasToolsOrAKeyOfItsOwn(int number, boolean tools) {
        Sample with = NeutralRows.sample(number);
        assertThat(RowFormat.needsJson(with)).as("a name").isTrue();
        assertThat(RowFormat.needsJson(plain())).isFalse();
        assertThat(RowFormat.needsJson(
                        Sample.newBuilder(plain()).setTools(tools ? "[]" : null).build()))
                .isEqualTo(tools);
        Sample called = plain();
        called.getMessages().get(1).setToolCalls(tools ? "[]" : null);
        assertThat(RowFormat.needsJson(called)).isEqualTo(tools);
    }

    @Test
    void theDevelopersTurnIsTheSystemsOnWish() {
        RowFormat renamed = new RowFormat(false, true);
        Sample developer = plain();
        developer.getMessages().getFirst().setRole("developer");
        assertThat(text(View.SFT, renamed, developer, "messages")).startsWith("[{\"role\": \"system\", ");
        assertThat(text(View.SFT, RowFormat.PLAIN, developer, "messages")).startsWith("[{\"role\": \"developer\", ");
        List<Message> both = new ArrayList<>(developer.getMessages());
        both.addFirst(message("system", "You are Ada.").build());
        developer.setMessages(both);
        assertThat(text(View.RL_GYM, renamed, developer, "responses_create_params"))
                .contains("You are Ada.\\n\\nFirst?")
                .doesNotContain("developer");
        for (View view : View.values()) {
            if (view.isJsonLines()) {
                continue;
            }
            assertThat(text(view, renamed, developer, view.messageColumns().getFirst()))
                    .contains("You are Ada.\\n\\nFirst?")
                    .doesNotContain("developer");
        }
    }

    @Test
    void preferenceIsThePromptAndTwoAnswersWithTheirMargin() {
        Sample good = plain();
        Sample bad = Sample.newBuilder(plain()).setJudgeMin(2.25).build();
        bad.getMessages().getLast().setContent("Maybe.");
        RowInput pair = new RowInput(good, bad, Split.TRAIN, 0);
        for (View view : List.of(View.PREFERENCE, View.PREFERENCE_THINK)) {
            assertThat(view.schema().getFields().stream().map(Schema.Field::name))
                    .startsWith("prompt", "chosen", "rejected", "score_chosen", "score_rejected", "margin");
            assertThat(column(view, RowFormat.PLAIN, pair, "margin")).isEqualTo(6.25);
            assertThat((List<?>) column(view, RowFormat.PLAIN, pair, "prompt")).hasSize(3);
        }
        assertThat(column(View.PREFERENCE, RowFormat.PLAIN, pair, "rejected"))
                .hasToString("[{\"role\": \"assistant\", \"content\": \"Maybe.\", \"reasoning_content\": \"After.\"}]");
        assertThat(column(View.PREFERENCE_THINK, RowFormat.PLAIN, pair, "chosen")
                        .toString())
                .contains("<think>\\nAfter.\\n</think>\\n\\nNo.")
                .doesNotContain("reasoning_content");
    }

    @Test
    void anAttemptWithoutReasoningHasNoTags() {
        Sample silent = plain();
        silent.getMessages().getLast().setReasoningContent(null);
        assertThat(text(View.SFT_THINK, RowFormat.PLAIN, silent, "messages")).doesNotContain("<think>");
    }

    @Test
    void rlIsThePromptWithRewardInputsAndNoAnswer() throws IOException {
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "prompt").toString())
                .contains("Be kind.", "Question 1")
                .doesNotContain("Answer to");
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "data_source")).isEqualTo("prompts.jsonl");
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "datasource")).isEqualTo("prompts.jsonl");
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "env_class")).isEqualTo("precept");
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "ability")).isEqualTo("safety");
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "reward_model"))
                .hasToString("{\"style\": \"model\", \"ground_truth\": \"harmless\"}");
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "reward_spec"))
                .hasToString("{\"method\": \"reward_model\", \"ground_truth\": \"harmless\"}");
        assertThat(column(View.RL, RowFormat.PLAIN, rowInput, "extra_info").toString())
                .startsWith("{\"split\": \"validation\", \"index\": 7, \"prompt_id\": \"" + sample.getPromptId() + "\"")
                .contains("\"category\": [\"privacy\", \"violence\"]", "\"spec_version\": \"spec-1\"")
                .contains("\"spec_excerpt_sha256\": \"" + sample.getSpecExcerptSha256() + "\"");
        JsonNode label = JSON.readTree(
                column(View.RL, RowFormat.PLAIN, rowInput, "label").toString());
        assertThat(label.fieldNames())
                .toIterable()
                .containsExactly(
                        "prompt_id",
                        "spec_version",
                        "spec_excerpt_sha256",
                        "spec_excerpt",
                        "category",
                        "response_policy",
                        "side_info",
                        "side_info_agreed");
        assertThat(label.path("category")).hasToString("[\"privacy\",\"violence\"]");
        assertThat(label.path("response_policy").isNull()).isTrue();
        assertThat(label.path("side_info").textValue()).isEqualTo("harmless");
        assertThat(View.RL.projection(RowFormat.JSON).row(rowInput).toString())
                .doesNotContain(sample.getAnswer(), "Because of");
    }

    @Test
    void rlGymIsARequestOfTheResponsesApi() throws IOException {
        Sample called = calling();
        called.setTools(
                "[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"description\":\"Looks.\","
                        + "\"parameters\":{\"type\":\"object\",\"properties\":{\"price\":{\"type\":\"number\"}}}}},"
                        + "{\"type\":\"function\",\"function\":{\"name\":\"wait\",\"strict\":true}},{\"type\":\"web_search\"}]");
        called.getMessages().get(2).setContent("Let me look.");
        JsonNode request = JSON.readTree(text(View.RL_GYM, RowFormat.JSON, called, "responses_create_params"));
        assertThat(request.path("input"))
                .hasToString(
                        "[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"How much?\"},"
                                + "{\"role\":\"assistant\",\"content\":\"Let me look.\"},"
                                + "{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"look\",\"arguments\":"
                                + "\"{\\\"price\\\": 1.10, \\\"n\\\": [1]}\"},"
                                + "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"2\"}]");
        assertThat(request.path("tools"))
                .hasToString("[{\"type\":\"function\",\"name\":\"look\",\"description\":\"Looks.\",\"parameters\":"
                        + "{\"type\":\"object\",\"properties\":{\"price\":{\"type\":\"number\"}}},\"strict\":false},"
                        + "{\"type\":\"function\",\"name\":\"wait\",\"parameters\":{\"type\":\"object\",\"properties\":{}},"
                        + "\"strict\":true},{\"type\":\"web_search\"}]");
        assertThat(text(View.RL_GYM, RowFormat.JSON, called, "agent_ref"))
                .isEqualTo("{\"type\":\"responses_api_agents\",\"name\":\"precept_simple_agent\"}");
        JsonNode verifier = JSON.readTree(text(View.RL_GYM, RowFormat.JSON, called, "verifier_metadata"));
        assertThat(verifier.path("prompt_id").textValue()).isEqualTo(called.getPromptId());
        assertThat(verifier.path("side_info").textValue()).isEqualTo("harmless");
        assertThat(JSON.readTree(text(View.RL_GYM, RowFormat.PLAIN, plain(), "responses_create_params"))
                        .has("tools"))
                .isFalse();
        assertThat(View.RL_GYM.projection(RowFormat.JSON).row(input(called)).toString())
                .as("the judged turn")
                .doesNotContain("Let me see.", "earlier");
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void aProjectionDoesNotChangeTheSample(View view) {
        Sample before = Sample.newBuilder(sample).build();
        view.projection(new RowFormat(true, true)).row(rowInput);
        view.projection(new RowFormat(false, true)).row(rowInput);
        assertThat(sample).isEqualTo(before);
    }

    @Test
    void rawHasAllColumnsOfASample() {
        IndexedRecord row = View.RAW.projection(RowFormat.JSON).row(rowInput);
        assertThat(row.getSchema().getFields().stream().map(Schema.Field::name))
                .containsExactlyElementsOf(Sample.getClassSchema().getFields().stream()
                        .map(Schema.Field::name)
                        .toList());
        for (String name : List.of("sample_id", "answer", "generator", "dedup", "source")) {
            assertThat(column(View.RAW, RowFormat.PLAIN, rowInput, name))
                    .isEqualTo(sample.get(Sample.getClassSchema().getField(name).pos()));
        }
        assertThat(row.toString())
                .contains("\"criteria\": [{\"name\": \"", "\"score\": ")
                .contains("\"response_style\": \"comply\"")
                .contains("\"created_at\": " + sample.getCreatedAt().toEpochMilli());
    }

    @ParameterizedTest
    @EnumSource(
            value = View.class,
            names = {"SFT", "SFT_THINK", "SFT_HARMONY"})
    void aTrainingRowCanBeTracedAndJudgedByItsColumns(View view) {
        assertThat(view.projection(RowFormat.JSON).schema().getFields().stream().map(Schema.Field::name))
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
        assertThat(column(view, RowFormat.PLAIN, rowInput, "sample_id")).isEqualTo(sample.getSampleId());
        assertThat(column(view, RowFormat.PLAIN, rowInput, "cited_clauses")).isEqualTo(sample.getCitedClauses());
        assertThat(column(view, RowFormat.PLAIN, rowInput, "judge_min")).isEqualTo(sample.getJudgeMin());
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
}
