package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.judging.ScriptedModel.ScriptedReply;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.openai.Acceptance;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model that cannot do what its role needs is found with a few small questions, and what to set is said. */
class RoleProbeTest {
    private static final String VOTE = ScriptedModel.VOTE.formatted(5);

    private ScriptedModel model;

    @BeforeEach
    void start() throws IOException {
        model = new ScriptedModel();
    }

    @AfterEach
    void stop() {
        model.close();
    }

    @Test
    void oneReadableVoteAcceptsAJudge() throws Exception {
        model.script(_ -> ScriptedReply.completion("", "My vote:\n```json\n" + VOTE + "\n```"));
        assertThat(ask(RoleProbe.JUDGE)).isInstanceOf(Acceptance.Accepted.class);
        assertThat(model.requests()).hasSize(1);
        assertThat(ScriptedModel.text(model.requests().getFirst()))
                .contains("# How to grade", "# How to answer", RoleProbe.JUDGE.question());
    }

    @Test
    void aJudgeMayNeedASecondAnswer() throws Exception {
        model.script(
                request -> ScriptedReply.completion("", request.path("seed").asInt() < 3 ? "Seven." : VOTE));
        assertThat(ask(RoleProbe.JUDGE)).isInstanceOf(Acceptance.Accepted.class);
        assertThat(model.requests()).hasSize(3);
    }

    @Test
    void aJudgeThatReadsAnotherFormatIsUnusableAndTheFormatIsNamed() throws Exception {
        model.script(request -> ScriptedReply.completion(
                "", format(request).equals("json_object") ? VOTE : "I rate this\n\u0007 nine of ten."));
        assertThat(ask(RoleProbe.JUDGE))
                .isEqualTo(new Acceptance.Unusable(
                        RequestEncoding.STANDARD,
                        model.url() + " gives no vote that can be read (the answer holds no JSON object; it answered: I"
                                + " rate this nine of ten.); with judge.request.response_format: json_object it does, so set"
                                + " that; judge.request.check: warn starts anyway"));
    }

    @Test
    void aJudgeThatNeverVotesIsUnusable() throws Exception {
        model.script(_ -> ScriptedReply.completion("", "Fine."));
        assertThat(ask(RoleProbe.JUDGE))
                .isInstanceOfSatisfying(
                        Acceptance.Unusable.class,
                        unusable -> assertThat(unusable.detail())
                                .contains("as judge.request.response_format do not help; name another model"));
        assertThat(model.requests()).hasSize(5);
    }

    @Test
    void aJudgeWhoseServerRefusesSchemasIsAcceptedWithoutThem() throws Exception {
        model.script(request -> format(request).equals("json_schema")
                ? new ScriptedReply(400, "{\"error\": {\"message\": \"response_format json_schema is not supported\"}}")
                : ScriptedReply.completion("", VOTE));
        assertThat(ask(RoleProbe.JUDGE))
                .isInstanceOfSatisfying(
                        Acceptance.Accepted.class,
                        accepted ->
                                assertThat(accepted.encoding().responseFormat()).isEqualTo(ResponseFormat.JSON_OBJECT));
    }

    @Test
    void aGeneratorIsAskedForReasoningAndForNoForm() throws Exception {
        model.script(_ -> ScriptedReply.completion("Seven and seven.", "14."));
        assertThat(ask(RoleProbe.GENERATOR)).isInstanceOf(Acceptance.Accepted.class);
        assertThat(model.requests()).hasSize(1);
        assertThat(model.requests().getFirst().has("response_format")).isFalse();

        model.script(_ -> ScriptedReply.completion("", "<think>Seven twice.</think>14."));
        assertThat(ask(RoleProbe.GENERATOR)).isInstanceOf(Acceptance.Accepted.class);
    }

    @Test
    void aGeneratorWithoutReasoningIsUnusableAndWhatToSetIsSaid() throws Exception {
        model.script(_ -> ScriptedReply.completion(" ", "14."));
        assertThat(ask(RoleProbe.GENERATOR))
                .isInstanceOfSatisfying(
                        Acceptance.Unusable.class,
                        unusable -> assertThat(unusable.detail())
                                .contains("shows no reasoning (no field reasoning or reasoning_content and no <think>")
                                .contains("--reasoning-parser", "generator.effort", "generator.request.check: warn"));
    }

    @Test
    void anOutageIsNotTheModelsFault() throws Exception {
        model.script(_ -> new ScriptedReply(503, "{}"));
        assertThat(ask(RoleProbe.GENERATOR)).isInstanceOf(Acceptance.NotReady.class);

        model.script(request -> request.path("seed").asInt() == 1
                ? ScriptedReply.completion("", "Seven.")
                : new ScriptedReply(503, "{}"));
        assertThat(ask(RoleProbe.JUDGE)).as("after an answer").isInstanceOf(Acceptance.NotReady.class);
    }

    /** A server of recorded answers, or a model that thinks only where it must, fails with a question as small as ours. */
    @Test
    void theFirstRequestsOfTheRunDecideWhereTheSmallQuestionFails() throws Exception {
        model.script(request -> ScriptedModel.text(request).contains("Task two")
                ? ScriptedReply.completion("Thought.", "Done.")
                : ScriptedReply.completion("", "I do not have an answer to that."));
        assertThat(RoleProbe.GENERATOR.ask(model.endpoint(1), model.url(), List.of(task("Task one"), task("Task two"))))
                .isInstanceOf(Acceptance.Accepted.class);
        assertThat(model.requests())
                .extracting(ScriptedModel::text)
                .satisfiesExactly(
                        small -> assertThat(small).contains(RoleProbe.GENERATOR.question()),
                        one -> assertThat(one).contains("Task one"),
                        two -> assertThat(two).contains("Task two"));
    }

    @Test
    void aFilterThatRefusesTheFirstPromptIsNotARefusalOfTheRole() throws Exception {
        model.script(request -> ScriptedModel.text(request).contains("Task")
                ? new ScriptedReply(400, "{\"error\": {\"code\": \"content_filter\", \"message\": \"filtered\"}}")
                : ScriptedReply.completion("", "14."));
        assertThat(RoleProbe.GENERATOR.ask(model.endpoint(1), model.url(), List.of(task("Task one"), task("Task two"))))
                .isInstanceOf(Acceptance.Unusable.class);
    }

    private ChatRequest task(String text) {
        EndpointSettings settings = model.endpoint(1);
        return new ChatRequest(
                settings.model(),
                List.of(ChatMessage.user(MessageContent.of(text))),
                null,
                settings.sampling(),
                null,
                1,
                settings.callTimeout());
    }

    private Acceptance ask(RoleProbe role) throws InterruptedException {
        return role.ask(model.endpoint(1), model.url(), List.of());
    }

    private static String format(JsonNode request) {
        return request.at("/response_format/type").asText();
    }
}
