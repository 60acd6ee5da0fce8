package dev.precept.model.openai;

import static dev.precept.model.openai.ScriptedCalls.completion;
import static dev.precept.model.openai.ScriptedCalls.replyTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.Reply;
import dev.precept.model.Reply.Answered;
import dev.precept.model.Reply.Malformed;
import dev.precept.model.TokenUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A completion is parsed from any field that servers use; an ambiguous one is malformed. */
class ReplyTest {
    private static final TokenUsage USAGE = new TokenUsage(11, 7, 3);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reasoning\":\" thought\\n\",\"content\":\"\\nanswer \"}",
                "{\"reasoning_content\":\"thought\",\"content\":\"answer\"}",
                "{\"reasoning_content\":\"\",\"reasoning\":\"thought\",\"content\":\"answer\"}",
                "{\"reasoning\":\"thought\",\"reasoning_content\":\" thought \",\"content\":\"answer\"}",
                "{\"content\":\"<think>\\nthought\\n</think>\\n\\nanswer\"}",
                "{\"content\":\"\\n<think>thought</think>answer\"}",
                "{\"content\":\"thought\\n</think>\\n\\nanswer\"}",
                "{\"reasoning\":\"thought\",\"content\":\"<think>thought</think>answer\"}",
                "{\"reasoning\":\"thought\",\"content\":\"<think>\\n\\n</think>answer\"}",
                "{\"reasoning\":\"thought\",\"content\":[{\"type\":\"text\",\"text\":\"ans\"},{\"type\":\"text\",\"text\":\"wer\"}]}",
                "{\"reasoning\":\"thought\",\"content\":\"answer\",\"tool_calls\":[]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"thought\"}]},"
                        + "{\"type\":\"text\",\"text\":\"answer\"}]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"thought\"},{\"type\":\"text\",\"text\":\"answer\"}]}"
            })
    void reasoningAndAnswerAreFoundInAnyField(String message) throws Exception {
        assertThat(replyTo(completion("stop", message)))
                .isEqualTo(new Answered("stop", "thought", "answer", null, USAGE, "served"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reasoning\":\"uno\",\"reasoning_content\":\"two\",\"content\":\"answer\"}",
                "{\"reasoning\":\"uno\",\"content\":\"<think>two</think>answer\"}",
                "{\"reasoning_content\":\"uno\",\"content\":\"two</think>answer\"}",
                "{\"content\":\"<think>uno</think>two</think>answer\"}",
                "{\"content\":\"<think>uno</think><think>two</think>answer\"}",
                "{\"content\":\"<think>never closed\"}",
                "{\"reasoning\":{\"text\":\"uno\"},\"content\":\"answer\"}",
                "{\"content\":17}",
                "{\"content\":\"answer\",\"refusal\":\"uno\"}",
                "{\"content\":null,\"refusal\":{\"text\":\"uno\"}}",
                "{\"content\":null,\"refusal\":\"half \\ud83d of a pair\"}",
                "{\"content\":[{\"type\":\"image_url\"}]}",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":{}}]}",
                "{\"content\":\"answer\",\"tool_calls\":{}}",
                "{\"content\":\"half \\ud83d of a pair\"}",
                "{\"content\":\"answer\",\"reasoning\":\"\\udc00\"}",
                "{\"content\":null,\"tool_calls\":[{\"id\":\"\\ud800\"}]}",
                "null",
                "\"answer\""
            })
    void anAmbiguousCompletionIsMalformedAndItsTokensCount(String message) throws Exception {
        assertThat(replyTo(completion("stop", message))).isInstanceOfSatisfying(Malformed.class, malformed -> {
            assertThat(malformed.usage()).isEqualTo(USAGE);
            assertThat(malformed.detail()).isNotBlank().doesNotContain("uno", "answer");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"finish_reason\":\"stop\"}]}",
                "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":null}]}",
                "{\"choices\":[{\"message\":{\"content\":\"<think>so far\"},\"finish_reason\":null}]}",
                "{\"choices\":[{\"message\":{\"content\":\"answer\"},\"finish_reason\":4}]}"
            })
    void aCompletionWithoutItsPartsIsMalformed(String body) throws Exception {
        assertThat(replyTo(body)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "length", "content_filter", "tool_calls", "something_new"})
    void everyFinishReasonIsReturned(String reason) throws Exception {
        assertThat(replyTo(completion(reason, "{\"content\":\"answer\"}")))
                .isEqualTo(new Answered(reason, null, "answer", null, USAGE, "served"));
    }

    @ParameterizedTest
    @CsvSource({
        "eos, stop",
        "eos_token, stop",
        "EOS, stop",
        "end_turn, stop",
        "stop_sequence, stop",
        "COMPLETE, stop",
        "' stop ', stop",
        "max_tokens, length",
        "model_length, length",
        "tool_use, tool_calls",
        "function_call, tool_calls",
        "SAFETY, content_filter",
        "sensitive, content_filter"
    })
    void aFinishReasonOfAnotherServerIsTranslated(String sent, String standard) throws Exception {
        assertThat(replyTo(completion(sent, "{\"content\":\"answer\"}")))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.finishReason()).isEqualTo(standard));
    }

    @Test
    void aWholeAnswerWithoutAFinishReasonHasStopped() throws Exception {
        String body = completion("?", "{\"content\":\"<think>thought</think>answer\"}")
                .replace("\"?\"", "null");
        assertThat(replyTo(body)).isEqualTo(new Answered("stop", "thought", "answer", null, USAGE, "served"));
        assertThat(replyTo(body.replace("\"completion_tokens\":7", "\"completion_tokens\":100")))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.finishReason()).isEqualTo("length"));
        assertThat(replyTo(body.replace("\"content\":", "\"tool_calls\":[{\"id\":\"c\"}],\"reasoning\":")))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.finishReason()).isEqualTo("tool_calls"));
    }

    @Test
    void noNameIsLongerThanItsLimit() throws Exception {
        String body = completion("ü".repeat(2_000_000), "{\"content\":\"answer\"}")
                .replace("served", "m".repeat(2_000_000))
                .replace("{\"model\"", "{\"system_fingerprint\":\"" + "f".repeat(2_000_000) + "\",\"model\"");
        Answered answered = (Answered) CompletionReader.read(
                new ObjectMapper().readTree(body),
                ScriptedCalls.request(Duration.ofSeconds(20)),
                RequestEncoding.STANDARD);
        assertThat(answered.finishReason()).hasSizeLessThanOrEqualTo(64).endsWith("ü…");
        assertThat(answered.model()).hasSizeLessThanOrEqualTo(256).startsWith("mmm");
        assertThat(answered.server().fingerprint())
                .isNotNull()
                .hasSizeLessThanOrEqualTo(256)
                .startsWith("fff");
    }

    @Test
    void aNumberBeyondADoubleInAToolCallIsMalformed() throws Exception {
        for (String number : new String[] {"1e999", "-1" + "0".repeat(400)}) {
            String calls = "[{\"id\":\"c1\",\"function\":{\"name\":\"look\",\"arguments\":{\"at\":[" + number + "]}}}]";
            assertThat(replyTo(completion("tool_calls", "{\"content\":null,\"tool_calls\":" + calls + "}")))
                    .isEqualTo(new Malformed("tool_calls has a number beyond a double", USAGE));
        }
    }

    @Test
    void theFingerprintOfTheServerIsReturned() throws Exception {
        String body = completion("stop", "{\"content\":\"answer\"}")
                .replace("{\"model\"", "{\"system_fingerprint\":\"fp_44\",\"model\"");
        assertThat(replyTo(body))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.server().fingerprint()).isEqualTo("fp_44"));
    }

    @Test
    void reasoningTruncatedAtTheTokenLimitHasNoAnswer() throws Exception {
        assertThat(replyTo(completion("length", "{\"content\":\"<think>\\nso far\"}")))
                .isEqualTo(new Answered("length", "so far", "", null, USAGE, "served"));
    }

    @Test
    void tagsInsideAnAnswerAreText() throws Exception {
        String answer = "Some models put <think> and </think> around their thoughts.";
        assertThat(replyTo(completion("stop", "{\"reasoning\":\"thought\",\"content\":\"" + answer + "\"}")))
                .isEqualTo(new Answered("stop", "thought", answer, null, USAGE, "served"));
    }

    @Test
    void toolCallsAreUnchanged() throws Exception {
        String calls = "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]";
        assertThat(replyTo(completion("tool_calls", "{\"content\":null,\"tool_calls\":" + calls + "}")))
                .isEqualTo(new Answered("tool_calls", null, "", calls, USAGE, "served"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":null,\"refusal\":\" I cannot. \",\"reasoning\":\"thought\"}",
                "{\"content\":\"<think>thought</think>\",\"refusal\":\"I cannot.\"}",
                "{\"content\":\"I cannot.\",\"refusal\":\"I cannot.\",\"reasoning\":\"thought\"}",
                "{\"content\":\"I cannot.\",\"refusal\":null,\"reasoning\":\"thought\"}"
            })
    void aRefusalInItsOwnFieldIsTheContent(String message) throws Exception {
        assertThat(replyTo(completion("stop", message)))
                .isEqualTo(new Answered("stop", "thought", "I cannot.", null, USAGE, "served"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"usage\":null",
                ",\"usage\":{}",
                ",\"usage\":{\"prompt_tokens\":-3,\"completion_tokens\":\"many\"}",
                ",\"usage\":{\"prompt_tokens\":null,\"completion_tokens\":null,\"total_tokens\":0}",
                ",\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}"
            })
    void missingOrInvalidUsageIsUnknown(String usage) throws Exception {
        String body = "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"answer\"}}]" + usage + "}";
        assertThat(replyTo(body))
                .isEqualTo(new Answered("stop", null, "answer", null, TokenUsage.UNKNOWN, "some-model"));
    }

    @Test
    void aCountWithoutTheOtherIsALowerBound() throws Exception {
        String body = "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"answer\"}}],"
                + "\"usage\":{\"prompt_tokens\":12.0}}";
        assertThat(replyTo(body).usage()).isEqualTo(new TokenUsage(12, 0, 0, 0, false));
    }

    @Test
    void recordedCompletionsParseAlikeFromAFieldAndFromTags() throws Exception {
        Path recorded =
                Path.of(System.getProperty("precept.root", "."), "..", "shared", "data", "star-1-recorded.json");
        Assumptions.assumeTrue(Files.exists(recorded), "the recorded completions are not beside this repository");
        ObjectMapper json = new ObjectMapper();
        for (JsonNode item : json.readTree(recorded.toFile())) {
            String response = item.path("response").asText();
            int end = response.indexOf("</think>");
            String thought = response.substring("<think>".length(), end).strip();
            String answer = response.substring(end + "</think>".length()).strip();

            JsonNode field =
                    json.createObjectNode().put("reasoning_content", thought).put("content", answer);
            JsonNode tags = json.createObjectNode().put("content", "<think>\n" + thought + "\n</think>\n\n" + answer);

            Answered expected = new Answered("stop", thought, answer, null, USAGE, "served");
            assertThat(read(json, field)).isEqualTo(expected);
            assertThat(read(json, tags)).isEqualTo(expected);
        }
    }

    private static Reply read(ObjectMapper json, JsonNode message) throws Exception {
        return CompletionReader.read(
                json.readTree(completion("stop", message.toString())),
                ScriptedCalls.request(Duration.ofSeconds(20)),
                RequestEncoding.STANDARD);
    }
}
