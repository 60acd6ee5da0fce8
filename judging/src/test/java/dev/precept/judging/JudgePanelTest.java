package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.Failure;
import dev.precept.records.JudgingTask;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Votes are dealt to the judges of a panel in their order, and a vote that is cut has one larger try. */
class JudgePanelTest {
    private static final int MAX_TOKENS = 100;

    private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @SuppressWarnings("NullAway.Init")
    private TaskFixture fixture;

    @BeforeEach
    void specification(@TempDir Path folder) throws IOException {
        fixture = TaskFixture.in(folder);
    }

    @Test
    void votesAreDealtInTheOrderOfThePanel() {
        Panel<String> panel = new Panel<>(List.of(new Panel.Member<>("a", 2), new Panel.Member<>("b", 3)));
        assertThat(List.of(1, 2, 3, 4, 5, 6).stream().map(panel::judgeOf))
                .containsExactly("a", "a", "b", "b", "b", "b");
        assertThat(panel.votes()).isEqualTo(5);
        assertThat(Panel.of("a", 1).judgeOf(7)).isEqualTo("a");
    }

    @Test
    void eachJudgeGivesItsVotesAndTheRowsNameIt() throws Exception {
        for (boolean stopEarly : List.of(true, false)) {
            Verdict verdict = judge(stopEarly, false, scores("a", 9), scores("b", 8));
            assertThat(verdict.getVotes()).extracting(Vote::getModel).containsExactly("a", "a", "b");
            assertThat(verdict.getVotes()).extracting(Vote::getVote).containsExactly(1, 2, 3);
            assertThat(verdict.getVotes()).extracting(Vote::getScore).containsExactly(9.0, 9.0, 8.0);
        }
    }

    @Test
    void theFirstVoteBelowTheThresholdSavesThoseOfLaterJudges() throws Exception {
        assertThat(judge(true, false, scores("a", 3), scores("b", 9)).getVotes())
                .extracting(Vote::getModel)
                .containsExactly("a");
        assertThat(judge(true, true, scores("a", 3), scores("b", 9)).getVotes())
                .as("an audit asks them all")
                .extracting(Vote::getModel)
                .containsExactly("a", "a", "b");
    }

    @Test
    void aVoteThatIsCutIsAskedForOnceMoreWithTwiceTheTokens() throws Exception {
        Function<ChatRequest, Reply> model =
                request -> limit(request) > MAX_TOKENS ? answered("stop", "a") : answered("length", "a");
        Verdict verdict = judge(true, false, model, scores("b", 9));
        assertThat(verdict.getFailure()).isNull();
        assertThat(verdict.getVotes()).extracting(Vote::getCalls).containsExactly(2, 2, 1);
        assertThat(requests).extracting(JudgePanelTest::limit).containsExactly(100, 200, 100, 200, 100);
        assertThat(meters.get("precept.votes.invalid")
                        .tags("model", "a", "cause", "cut")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(meters.get("precept.votes")
                        .tags("model", "b", "notation", "number", "surroundings", "alone")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aVoteThatIsCutAgainIsInvalid() throws Exception {
        Verdict verdict = judge(true, false, _ -> answered("length", "a"), scores("b", 9));
        assertThat(verdict.getFailure())
                .isEqualTo(new Failure(
                        Reason.UNJUDGEABLE,
                        "vote 1 was invalid 2 times; the last time: cut at 200 tokens; raise judge.max_tokens"));
        assertThat(verdict.getJudgeAgain()).isTrue();
        assertThat(requests).hasSize(2);
    }

    @Test
    void aServerThatTakesNoLargerLimitDoesNotEndTheSlot() throws Exception {
        Function<ChatRequest, Reply> model = request ->
                limit(request) > MAX_TOKENS ? new Reply.RequestRefused(400, "too many") : answered("length", "a");
        Verdict verdict = judge(true, false, model, scores("b", 9));
        assertThat(requests).extracting(JudgePanelTest::limit).containsExactly(100, 200, 100);
        assertThat(verdict.getJudgeAgain()).isTrue();
    }

    @Test
    void aRefusalOfTheLargerLimitAloneDoesNotEndTheSlot() throws Exception {
        Function<ChatRequest, Reply> model = request -> limit(request) > MAX_TOKENS
                ? new Reply.RequestRefused(400, "too many")
                : requests.size() == 1 ? new Reply.Malformed("no text", TokenUsage.NONE) : answered("length", "a");
        assertThat(judge(true, false, model, scores("b", 9)).getJudgeAgain()).isTrue();
        assertThat(requests).extracting(JudgePanelTest::limit).containsExactly(100, 100, 200);
    }

    private static int limit(ChatRequest request) {
        return request.sampling().maxTokens();
    }

    private static Function<ChatRequest, Reply> scores(String model, int score) {
        return _ -> new Reply.Answered(
                "stop", null, ScriptedModel.VOTE.formatted(score), null, new TokenUsage(1, 1, 0), model);
    }

    private static Reply answered(String finishReason, String model) {
        return new Reply.Answered(
                finishReason, null, ScriptedModel.VOTE.formatted(9), null, new TokenUsage(1, 1, 0), model);
    }

    /** Two votes of a, one of b. */
    private Verdict judge(
            boolean stopEarly, boolean audited, Function<ChatRequest, Reply> first, Function<ChatRequest, Reply> second)
            throws InterruptedException {
        requests.clear();
        JudgingTask task = fixture.judging("p1", "What is phishing?");
        RunParameters runParameters = task.getCandidate().getTask().getPrompt().getRunParameters();
        runParameters.setVotes(3);
        runParameters.setStopEarly(stopEarly);
        task.setAudited(audited);
        Panel<HandlerContext> panel = new Panel<>(
                List.of(new Panel.Member<>(context("a", first), 2), new Panel.Member<>(context("b", second), 1)));
        return new JudgingTaskHandler(panel).handle(task, Parking.NONE);
    }

    private HandlerContext context(String name, Function<ChatRequest, Reply> model) {
        ModelClient client = (request, _, _) -> {
            assertThat(request.model()).isEqualTo(name);
            requests.add(request);
            return new CallResult.Completed(model.apply(request));
        };
        EndpointSettings settings = new EndpointSettings(
                Map.of("http://127.0.0.1:1/v1", 1),
                name,
                1,
                Duration.ofSeconds(5),
                null,
                new Sampling(null, null, null, MAX_TOKENS),
                RateLimits.UNLIMITED,
                Price.FREE);
        return new HandlerContext(
                client,
                settings,
                new Excerpts(_ -> fixture.specification()),
                new byte[32],
                InstantSource.system(),
                new SpendTracker(
                        new SpendKey("r", "judge", name), name, Price.FREE, new CallMetrics(meters, "judge", name)));
    }
}
