package dev.precept.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.ScriptedModel.ScriptedReply;
import dev.precept.judging.TaskFixture;
import dev.precept.records.Budget;
import dev.precept.reward.RunningReward.Variant;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service over HTTP, with a judge behind HTTP: what trainers send, what they get, and what the judge sees. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RewardServiceTest {
    private static final String SECRET = "SECRET-REASONING";
    private static final String LABEL = "{\"prompt_id\": \"p\", \"category\": [\"fraud\"], \"side_info\": null}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ScriptedModel judge;

    @SuppressWarnings("NullAway.Init")
    private TaskFixture fixture;

    @BeforeEach
    void start() throws IOException {
        judge = new ScriptedModel();
        fixture = TaskFixture.in(folder.resolve("spec"));
    }

    @AfterEach
    void stop() {
        judge.close();
    }

    private RunningReward service(Variant variant) {
        return new RunningReward(judge, fixture, folder.resolve("votes"), folder.resolve("work"), variant);
    }

    private static String json(String text) {
        return text.replace('\'', '"')
                .replace("LABEL", RunningReward.JSON.valueToTree(LABEL).toString());
    }

    @Test
    void everyRouteRepliesInItsFormAndTheJudgeSeesNoReasoning() throws Exception {
        judge.script(_ -> RunningReward.vote(8));
        try (RunningReward service = service(Variant.of(2))) {
            assertThat(service.post("/slime", json("""
                            {'prompt': 'Q1', 'response': '<think>SECRET-REASONING</think>A1', 'label': LABEL}""")).body()).isEqualTo("0.8");
            JsonNode batch = service.rewarded("/get_reward", json("""
                    {'query': ['<|im_start|>user\\nQ2<|im_end|>\\n<|im_start|>assistant\\n<think>SECRET-REASONING</think>A2<|im_end|>',
                     '<|im_start|>user\\nQ2<|im_end|>\\n<|im_start|>assistant\\n<think>SECRET-REASONING'],
                     'prompts': ['<|im_start|>user\\nQ2<|im_end|>\\n<|im_start|>assistant\\n', 'Q2'], 'labels': [LABEL, LABEL]}"""));
            assertThat(batch.path("rewards").toString()).isEqualTo("[0.8,0.0]");
            assertThat(batch.path("scores")).isEqualTo(batch.path("rewards"));
            assertThat(batch.path("extra_logs").properties())
                    .allSatisfy(log -> assertThat(log.getValue())
                            .as(log.getKey())
                            .hasSize(2)
                            .allMatch(JsonNode::isDouble));
            assertThat(service.rewarded("/score", json("""
                            {'data_source': 'd', 'solution_str': 'SECRET-REASONING</think>A3', 'ground_truth': null,
                             'extra_info': {'index': 3, 'category': ['fraud'], 'prompt': [{'role': 'user', 'content': 'Q3'}]}}""")).toString()).isEqualTo("{\"score\":0.8}");
            String gym = json("""
                    {'responses_create_params': {'input': [{'role': 'user', 'content': 'Q4'}]},
                     'response': {'output': [{'type': 'reasoning', 'content': [{'type': 'reasoning_text', 'text': 'SECRET-REASONING'}]},
                       {'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': 'A4'}]}]},
                     'verifier_metadata': {'category': 'fraud'}, 'row': 7}""");
            JsonNode verified = service.rewarded("/verify", gym);
            assertThat(verified.path("reward").doubleValue()).isEqualTo(0.8);
            assertThat(verified.path("reward_components").path("compliance").doubleValue())
                    .isEqualTo(0.9);
            assertThat(verified.path("row").intValue()).isEqualTo(7);
            assertThat(verified.path("response"))
                    .isEqualTo(RunningReward.JSON.readTree(gym).path("response"));
            JsonNode own = service.rewarded(
                    "/reward",
                    RunningReward.own(
                            "<|channel|>analysis<|message|>SECRET-REASONING<|end|><|start|>assistant<|channel|>final<|message|>A5<|return|>"));
            assertThat(own.path("score").intValue()).isEqualTo(8);
            assertThat(own.path("style").textValue()).isEqualTo("comply");
            assertThat(own.path("reason").textValue()).isEqualTo("Fine.");
            assertThat(own.path("votes").intValue()).isEqualTo(2);
        }
        assertThat(RunningReward.texts(judge))
                .hasSize(10)
                .allSatisfy(text -> assertThat(text).doesNotContain(SECRET).doesNotContain("reasoning"));
        for (String answer : List.of("A1", "A2", "A3", "A4", "A5")) {
            assertThat(RunningReward.texts(judge)).anyMatch(text -> text.contains(answer));
        }
    }

    /** Also where a tag of reasoning in the text, or another form of the arguments, could hide them. */
    @Test
    void callsOfToolsAreJudged() throws Exception {
        judge.script(_ -> RunningReward.vote(8));
        try (RunningReward service = service(Variant.of(1))) {
            service.rewarded("/verify", json("""
                    {'responses_create_params': {'input': [{'role': 'user', 'content': 'Q'},
                       {'type': 'function_call_output', 'call_id': 'c', 'output': [{'type': 'input_text', 'text': 'OUTPUT-1'}]}]},
                     'response': {'output': [{'type': 'message', 'content': 'Sure. <think>'},
                       {'type': 'function_call', 'name': 'pay', 'arguments': {'sum': 'ARGUMENT-1'}}]}, 'category': 'fraud'}"""));
            service.rewarded("/reward", json("""
                    {'prompt': 'Q', 'category': 'fraud', 'answer': {'role': 'assistant', 'content': 'Sure.',
                     'tool_calls': [{'function': {'name': 'pay', 'arguments': 'ARGUMENT-2'}}]}}"""));
        }
        assertThat(RunningReward.texts(judge))
                .satisfiesExactly(
                        text -> assertThat(text).contains("Sure.", "OUTPUT-1", "ARGUMENT-1"),
                        text -> assertThat(text).contains("Sure.", "ARGUMENT-2"));
    }

    @Test
    void theLowestOfAllVotesCounts() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        judge.script(_ -> RunningReward.vote(calls.getAndIncrement() == 0 ? 2 : 9));
        try (RunningReward service = service(Variant.of(4))) {
            assertThat(service.rewarded("/reward", RunningReward.own("An answer."))
                            .path("score")
                            .intValue())
                    .isEqualTo(2);
        }
        assertThat(calls).hasValue(4);
    }

    @Test
    void theFirstStoredVoteWinsInEveryReplicaAndForEver() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        judge.script(_ -> RunningReward.vote(calls.incrementAndGet() % 10));
        Variant variant = Variant.of(3);
        List<Double> rewards = new ArrayList<>();
        try (RunningReward first =
                        new RunningReward(judge, fixture, folder.resolve("votes"), folder.resolve("w1"), variant);
                RunningReward second =
                        new RunningReward(judge, fixture, folder.resolve("votes"), folder.resolve("w2"), variant);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> replies = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                RunningReward replica = n % 2 == 0 ? first : second;
                replies.add(
                        clients.submit(() -> replica.rewarded("/reward", RunningReward.own("<think>x</think>One."))));
            }
            for (Future<JsonNode> reply : replies) {
                rewards.add(reply.get().path("reward").doubleValue());
            }
        }
        assertThat(calls.get()).as("each replica asks at most once").isBetween(3, 6);
        try (RunningReward later = service(variant)) {
            rewards.add(later.rewarded("/reward", RunningReward.own("One."))
                    .path("reward")
                    .doubleValue());
        }
        assertThat(rewards).containsOnly(rewards.getFirst());
    }

    @Test
    void withoutAnHonestScoreThereIsNoNumber() throws Exception {
        judge.script(_ -> ScriptedReply.completion("", "10/10"));
        try (RunningReward service = service(Variant.of(1))) {
            HttpResponse<String> reply =
                    service.post("/slime", json("{'prompt': 'Q', 'response': 'A', 'label': 'fraud'}"));
            assertThat(reply.statusCode()).isEqualTo(503);
            assertThat(reply.headers().firstValue("Retry-After")).contains("5");
            assertThat(reply.body())
                    .contains("\"cause\":\"judge\"")
                    .doesNotContain("reward")
                    .doesNotContain("score");
            assertThat(service.post("/verify", json("""
                            {'responses_create_params': {'input': 'Q'}, 'response': {'output': [{'type': 'message', 'content': 'A'}]},
                             'reward': 1.0, 'category': 'fraud'}""")).body())
                    .contains("\"_ng_failure_class\":\"judge_failed\"")
                    .doesNotContain("\"reward\"");
            assertThat(service.count("precept.reward.missing", "cause", "judge"))
                    .isEqualTo(2);
            judge.script(_ -> RunningReward.vote(9)); // it is asked again once the request is repeated
            assertThat(service.post("/slime", json("{'prompt': 'Q', 'response': 'A', 'label': 'fraud'}"))
                            .body())
                    .isEqualTo("0.9");
        }
    }

    @Test
    void aVoteThatIsLateIsFoundByTheRepeatedRequest() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        judge.script(_ -> {
            calls.incrementAndGet();
            await(late);
            return RunningReward.vote(7);
        });
        try (RunningReward service = service(Variant.of(1).within(Duration.ofMillis(300)))) {
            HttpResponse<String> reply = service.post("/reward", RunningReward.own("Slow."));
            assertThat(reply.statusCode()).isEqualTo(503);
            assertThat(reply.body()).contains("\"cause\":\"deadline\"");
            late.countDown();
            HttpResponse<String> again = service.post("/reward", RunningReward.own("Slow."));
            assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void aVoteThatIsPaidForIsStoredAlthoughTheServiceStops() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        judge.script(_ -> {
            calls.incrementAndGet();
            await(late);
            return RunningReward.vote(7);
        });
        Variant variant = Variant.of(1).within(Duration.ofMillis(300));
        RunningReward service = service(variant);
        assertThat(service.post("/reward", RunningReward.own("Slow.")).statusCode())
                .isEqualTo(503);
        Thread stopping = Thread.ofPlatform().start(service::close);
        service.awaitClosed();
        late.countDown();
        stopping.join();
        try (RunningReward restarted = service(variant.within(Duration.ofSeconds(20)))) {
            assertThat(restarted
                            .rewarded("/reward", RunningReward.own("Slow."))
                            .path("stored_votes")
                            .intValue())
                    .isEqualTo(1);
        }
        assertThat(calls).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSpentBudgetIsNoRewardAndNotReadyAndKeepsWhatIsStored() throws Exception {
        judge.script(_ -> RunningReward.vote(9));
        // A call may use about 1,400 tokens with its prompt, and uses 120.
        Variant variant = Variant.of(1).with(new Budget(null, 2_000L, true));
        try (RunningReward service = service(variant)) {
            service.rewarded("/reward", RunningReward.own("First."));
            assertThat(service.get("/ready").statusCode()).isEqualTo(200);
            HttpResponse<String> reply = spend(service);
            assertThat(reply.body()).contains("\"cause\":\"budget\"");
            assertThat(reply.headers().firstValue("Retry-After")).contains("60");
            assertThat(service.get("/ready").statusCode()).isEqualTo(503);
            assertThat(service.get("/ready").body()).contains("the budget is spent");
            assertThat(service.get("/live").statusCode()).isEqualTo(200);
            service.rewarded("/reward", RunningReward.own("First."));
        }
        int calls = judge.requests().size();
        try (RunningReward restarted = service(variant)) {
            assertThat(spend(restarted).statusCode()).isEqualTo(503);
        }
        assertThat(judge.requests()).as("a restart begins no new budget").hasSizeLessThan(calls + 2);
    }

    /** The first reply that is no reward. */
    private static HttpResponse<String> spend(RunningReward service) throws Exception {
        for (int n = 0; n < 20; n++) {
            HttpResponse<String> reply =
                    service.post("/reward", RunningReward.own("Next " + n + " at " + service.url()));
            if (reply.statusCode() != 200) {
                return reply;
            }
        }
        throw new AssertionError("the budget is not spent");
    }

    @Test
    void otherMachinesNeedATokenAndEncryption() {
        for (Map<String, String> environment :
                List.of(Map.<String, String>of(), Map.of("PRECEPT_REWARD_TOKEN", "0123456789abcdef"))) {
            assertThatThrownBy(() -> new RunningReward(
                            RunningReward.settings(Duration.ofSeconds(1), "0.0.0.0"),
                            judge,
                            fixture,
                            folder.resolve("votes"),
                            folder.resolve("work"),
                            Variant.of(1).with(environment)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(environment.isEmpty() ? "there is no token" : "reward.tls.certificate");
        }
    }

    @Test
    void aTokenIsRequiredWhereOneIsSet() throws Exception {
        judge.script(_ -> RunningReward.vote(9));
        String token = "0123456789abcdef";
        try (RunningReward service = service(Variant.of(1).with(Map.of("PRECEPT_REWARD_TOKEN", token)))) {
            String body = RunningReward.own("An answer.");
            assertThat(service.post("/reward", body).statusCode()).isEqualTo(401);
            assertThat(service.get("/metrics").statusCode()).isEqualTo(401);
            assertThat(service.get("/ready").statusCode()).isEqualTo(200);
            assertThat(service.post("/reward", body, "Authorization", "Bearer " + token + "0")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(service.post("/reward", body, "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(200);
            String basic = Base64.getEncoder().encodeToString(("slime:" + token).getBytes(StandardCharsets.UTF_8));
            assertThat(service.post("/reward", body, "Authorization", "Basic " + basic)
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
