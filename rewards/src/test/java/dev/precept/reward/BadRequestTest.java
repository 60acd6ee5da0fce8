package dev.precept.reward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.ScriptedModel;
import dev.precept.judging.TaskFixture;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be judged as it arrives gets a clear line and the right status, before a call is made or anything is counted. */
@Timeout(60)
class BadRequestTest {
    private record Case(String path, String body, int status, String message) {
        Case(String path, String body, String message) {
            this(path, body.replace('\'', '"'), 400, message);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("/slime", "", "the body is no JSON object"),
            new Case("/slime", "{'prompt': ", "the body is no JSON (line 1, column"),
            new Case("/slime", "[1]", "the body is no JSON object"),
            new Case("/slime", "{'prompt': 'Q', 'response': 'A'} {}", "the body is no JSON"),
            new Case("/slime", "{'prompt': 'Q', 'prompt': 'R', 'response': 'A'}", "the body is no JSON"),
            new Case("/slime", "[".repeat(100), "the body is no JSON"),
            new Case(
                    "/slime", "{'prompt': 'Q', 'response': 7, 'label': 'fraud'}", "response: is a number; give a text"),
            new Case("/slime", "{'prompt': 'Q', 'response': 'A', 'label': null}", "label.category: is missing"),
            new Case("/slime", "{'prompt': 'Q', 'response': 'A', 'label': 'other'}", "it has fraud"),
            new Case("/slime", "{'prompt': ' ', 'response': 'A', 'label': 'fraud'}", "prompt: is empty"),
            new Case(
                    "/slime",
                    "{'prompt': [{'role': 'User 1', 'content': 'Q'}], 'response': 'A', 'label': 'fraud'}",
                    "prompt[0].role"),
            new Case(
                    "/slime",
                    "{'prompt': 'Q\\ud800', 'response': 'A', 'label': 'fraud'}",
                    "prompt: holds half of a surrogate pair"),
            new Case(
                    "/slime",
                    "{'prompt': 'Q', 'response': 'A', 'label': {'category': 3}}",
                    "label.category: is a number"),
            new Case(
                    "/slime",
                    "{'prompt': 'Q', 'response': 'A', 'label': {'category': 'fraud', 'spec_version': 'x'}}",
                    "spec_version: is no SHA-256"),
            new Case(
                    "/slime",
                    "{'prompt': 'Q', 'response': 'A', 'label': {'category': 'fraud', 'spec_version': '" + "a".repeat(64)
                            + "'}}",
                    "start the service with --dataset"),
            new Case(
                    "/slime",
                    "{'prompt': 'Q', 'response': 'A', 'label': {'category': 'fraud', 'spec_excerpt_sha256': 'b'}}",
                    "spec_excerpt_sha256: is no excerpt"),
            new Case(
                    "/slime",
                    "{'prompt': 'Q', 'response': 'A', 'label': {'category': 'fraud', 'side_info': '\\ud800'}}",
                    "label.side_info: holds half of a surrogate pair"),
            new Case(
                    "/slime",
                    "{'prompt': [{'role': 'assistant', 'tool_calls': ['\\ud800']}], 'response': 'A', 'label': 'fraud'}",
                    "prompt[0].tool_calls: holds half of a surrogate pair"),
            new Case("/get_reward", "{'query': []}", "query: is empty"),
            new Case("/get_reward", "{'query': 'Q'}", "query: is a text; give a list of texts"),
            new Case(
                    "/get_reward",
                    "{'query': ['Q A'], 'prompts': ['Q', 'R'], 'labels': ['fraud']}",
                    "prompts: is a list of 2"),
            new Case(
                    "/get_reward",
                    "{'query': ['R A'], 'prompts': ['Q'], 'labels': ['fraud']}",
                    "query[0]: does not contain its prompt"),
            new Case(
                    "/get_reward",
                    "{'query': ['Q A', 'Q B'], 'prompts': ['Q', 'Q'], 'labels': ['fraud', 'x']}",
                    "labels[1].category"),
            new Case(
                    "/score",
                    "{'solution_str': 'A', 'extra_info': {'category': 'fraud'}}",
                    "extra_info.prompt: is missing"),
            new Case(
                    "/verify",
                    "{'responses_create_params': {'instructions': 7, 'input': 'Q'}, 'response': {'output': []}, 'category': 'fraud'}",
                    "responses_create_params.instructions: is a number; give a text"),
            new Case("/verify", "{'response': {'output': []}}", "responses_create_params: is missing"),
            new Case(
                    "/verify",
                    "{'responses_create_params': {'input': 'Q'}, 'category': 'fraud'}",
                    "response.output: is missing"),
            new Case(
                    "/verify",
                    "{'responses_create_params': {'input': 'Q'}, 'response': {'output': [{'type': 'message', 'content': [{'type': 'image'}]}]}}",
                    "only text can be judged"),
            new Case("/reward", "{'prompt': 'Q', 'category': 'fraud'}", "answer: is missing; give a text"),
            new Case("/reward", "{'answer': 'A', 'category': 'fraud'}", "prompt: is missing; give a text or a list"),
            new Case("/nothing", "{}", 404, "the routes are /get_reward, /reward, /score, /slime, /verify"),
            new Case(
                    "/reward",
                    "{\"prompt\": \"" + "x".repeat(70_000) + "\"}",
                    413,
                    "the body is longer than 65536 bytes"));

    @Test
    void eachCaseHasItsStatusAndItsLine(@TempDir Path folder) throws Exception {
        TaskFixture fixture = TaskFixture.in(folder.resolve("spec"));
        try (ScriptedModel judge = new ScriptedModel();
                RunningReward service = new RunningReward(
                        judge, fixture, folder.resolve("votes"), folder.resolve("work"), RunningReward.Variant.of(1))) {
            judge.script(_ -> RunningReward.vote(9));
            for (Case bad : CASES) {
                HttpResponse<String> reply = service.post(bad.path(), bad.body());
                String name = bad.path() + " "
                        + bad.body().substring(0, Math.min(200, bad.body().length()));
                assertThat(reply.statusCode()).as(name + " " + reply.body()).isEqualTo(bad.status());
                assertThat(RunningReward.JSON
                                .readTree(reply.body())
                                .path("error")
                                .asText())
                        .as(name)
                        .contains(bad.message())
                        .doesNotContain("\n")
                        .hasSizeLessThan(250);
            }
            HttpResponse<String> get = service.get("/slime");
            assertThat(get.statusCode()).isEqualTo(405);
            assertThat(get.headers().firstValue("Allow")).contains("POST");
            assertThat(judge.requests()).isEmpty();
            for (String by : List.of("judged", "stored", "ruled")) {
                assertThat(service.count("precept.reward.answers", "by", by)).isZero();
            }
            service.rewarded("/reward", RunningReward.own("An answer."));
            assertThat(service.count("precept.reward.answers", "by", "judged")).isEqualTo(1);
        }
    }
}
