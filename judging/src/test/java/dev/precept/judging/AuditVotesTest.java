package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.withhold.JudgingAttempts;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.Failure;
import dev.precept.records.JudgingTask;
import dev.precept.records.Reason;
import dev.precept.records.SlotRef;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The votes of an audit come after the decision and never take part in it, whatever becomes of them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AuditVotesTest {
    private static final int VOTES = 4;
    private static final long SEED = 64;

    /** What a judge does when it is asked for a vote. */
    private sealed interface Act {
        record Score(int score) implements Act {}

        record Prose() implements Act {}

        record Failing(Reason reason) implements Act {}

        record Throwing() implements Act {}
    }

    private final AtomicInteger calls = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private TaskFixture fixture;

    @BeforeEach
    void specification(@TempDir Path folder) throws IOException {
        fixture = TaskFixture.in(folder);
    }

    private JudgingTask task(boolean audited) {
        JudgingTask task = fixture.judging("p1", "What is phishing?");
        task.getCandidate().getTask().getPrompt().getRunParameters().setVotes(VOTES);
        task.setAudited(audited);
        return task;
    }

    private Verdict judge(boolean audited, Act... acts) throws InterruptedException {
        JudgingTask task = task(audited);
        calls.set(0);
        return new JudgingTaskHandler(context(acts)).handle(task, Parking.NONE);
    }

    private HandlerContext context(Act... acts) {
        SlotRef ref = task(true).getCandidate().getTask().getRef();
        Map<Long, Act> bySeed = new HashMap<>();
        for (int vote = 1; vote <= VOTES; vote++) {
            for (int retry = 1; retry <= 3; retry++) {
                bySeed.put(CallKey.judgement(ref, vote, retry).seed(), acts[vote - 1]);
            }
        }
        ModelClient client = (request, _, _) -> {
            calls.incrementAndGet();
            return switch (bySeed.getOrDefault(request.seed(), new Act.Throwing())) {
                case Act.Score(int score) -> answered(ScriptedModel.VOTE.formatted(score));
                case Act.Prose() -> answered("It is good.");
                case Act.Failing(Reason reason) -> new CallResult.Failed(new Failure(reason, "scripted"));
                case Act.Throwing() -> throw new IllegalArgumentException("a bug");
            };
        };
        return new HandlerContext(
                client,
                new EndpointSettings(
                        Map.of("http://127.0.0.1:1/v1", 1),
                        "m",
                        1,
                        Duration.ofSeconds(5),
                        null,
                        new Sampling(null, null, null, 100),
                        RateLimits.UNLIMITED,
                        Price.FREE),
                new Excerpts(_ -> fixture.specification()),
                new byte[32],
                InstantSource.system(),
                new SpendTracker(
                        new SpendKey("r", "judge", "w"),
                        "m",
                        Price.FREE,
                        new CallMetrics(new SimpleMeterRegistry(), "judge", "m")));
    }

    private static CallResult answered(String content) {
        return new CallResult.Completed(new Reply.Answered("stop", null, content, null, new TokenUsage(1, 1, 0), "m"));
    }

    @Test
    void anAuditedTaskGetsTheVotesAfterTheOneThatDecided() throws Exception {
        Act[] acts = {new Act.Score(9), new Act.Score(3), new Act.Score(10), new Act.Score(2)};
        assertThat(judge(false, acts).getVotes()).extracting(Vote::getScore).containsExactly(9.0, 3.0);
        assertThat(judge(true, acts).getVotes()).extracting(Vote::getScore).containsExactly(9.0, 3.0, 10.0, 2.0);
        assertThat(calls).hasValue(4);
    }

    @Test
    void aVoteOfAnAuditThatCannotBeObtainedIsLeftOut() throws Exception {
        Verdict verdict =
                judge(true, new Act.Score(3), new Act.Prose(), new Act.Failing(Reason.CANCELLED), new Act.Throwing());
        assertThat(verdict.getVotes()).extracting(Vote::getVote).containsExactly(1);
        assertThat(verdict.getFailure()).isNull();
        assertThat(verdict.getJudgeAgain()).isFalse();
        assertThat(verdict.getInvalidReply()).isNull();
    }

    @Test
    void aMissingVoteBeforeTheDecisionEndsAnAuditedTaskAsAnyOther() throws Exception {
        Act[] acts = {new Act.Score(9), new Act.Prose(), new Act.Score(1), new Act.Score(1)};
        Verdict audited = judge(true, acts);
        assertThat(calls).hasValue(4);
        assertThat(audited.getFailure()).isEqualTo(judge(false, acts).getFailure());
        assertThat(audited.getVotes()).hasSize(1);
        assertThat(audited.getJudgeAgain()).isTrue();
    }

    @Test
    void votesOfAnAuditAreObtainedByTheClientThatDoesNotWait() throws Exception {
        HandlerContext refusing = context(
                new Act.Score(9),
                new Act.Failing(Reason.UNJUDGEABLE),
                new Act.Failing(Reason.UNJUDGEABLE),
                new Act.Score(7));
        Verdict verdict = new JudgingTaskHandler(
                        Panel.of(
                                context(new Act.Score(2), new Act.Score(8), new Act.Score(8), new Act.Score(8)), VOTES),
                        Panel.of(refusing, VOTES))
                .handle(task(true), Parking.NONE);
        assertThat(verdict.getVotes()).extracting(Vote::getScore).containsExactly(2.0, 7.0);
        assertThat(verdict.getFailure()).isNull();
    }

    @Test
    void aControlTaskIsNotAudited() {
        assertThat(new JudgingAttempts().control(task(true)).getAudited()).isFalse();
    }

    /** Of every script the audited verdict is the other one, and votes after the one that decided. */
    @Test
    void anAuditChangesNoVerdict() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int script = 0; script < 500; script++) {
            Act[] acts = new Act[VOTES];
            for (int vote = 0; vote < VOTES; vote++) {
                acts[vote] = switch (random.nextInt(10)) {
                    case 0 -> new Act.Prose();
                    case 1 -> new Act.Failing(random.nextBoolean() ? Reason.CANCELLED : Reason.SERVER_FAILED);
                    case 2, 3 -> new Act.Score(random.nextInt(8));
                    default -> new Act.Score(8 + random.nextInt(3));
                };
            }
            Verdict plain = judge(false, acts);
            Verdict audited = judge(true, acts);
            String as = "seed " + SEED + ", script " + List.of(acts);
            int decided = plain.getVotes().size();
            assertThat(audited.getVotes().subList(0, decided)).as(as).isEqualTo(plain.getVotes());
            assertThat(audited.getFailure()).as(as).isEqualTo(plain.getFailure());
            assertThat(audited.getJudgeAgain()).as(as).isEqualTo(plain.getJudgeAgain());
            assertThat(audited.getInvalidReply()).as(as).isEqualTo(plain.getInvalidReply());
            if (audited.getVotes().size() > decided) {
                assertThat(plain.getVotes().getLast().getScore()).as(as).isLessThan(8);
            }
        }
    }
}
