package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Budget;
import dev.precept.records.Run;
import dev.precept.schemas.Amount;
import dev.precept.spec.Specification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models that share a budget: none is refused for what another one only holds. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocalBudgetTest {
    @SuppressWarnings("NullAway.Init")
    private ScriptedModel server;

    @SuppressWarnings("NullAway.Init")
    private StandaloneModels models;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedModel();
        server.script(
                _ -> ScriptedModel.ScriptedReply.completion("", String.format(Locale.ROOT, ScriptedModel.VOTE, 9)));
        EndpointSettings judge = server.endpoint(4)
                .withPrompt(RolePrompt.STANDARD.forAnswers(null).orElseThrow());
        models = new StandaloneModels(
                "reward",
                new Panel<>(List.of(new Panel.Member<>(judge, 1), new Panel.Member<>(judge, 1))),
                Optional.empty(),
                Amount.ZERO,
                Optional.empty(),
                (_, _) -> false,
                new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        models.close();
        server.close();
    }

    @Test
    void callsThatWaitTogetherAreMadeOneAfterTheOther(@TempDir Path folder) throws Exception {
        // A call may use about 1,400 tokens with its prompt, and uses 120.
        Budget budget = new Budget(null, 2_000L, true);
        Specification specification = TaskFixture.in(folder).specification();
        Excerpts excerpts = new Excerpts(_ -> specification);
        AnswerJudge judge = new AnswerJudge(models.access().map(model -> model.forTasks(excerpts, new byte[32])));
        JudgedWork.AnswerOnly work = new JudgedWork.AnswerOnly(List.of(), "So.", null);
        models.access().judges().forEach(model -> model.runGuard().update(run(budget)));
        List<Future<ScoreResult>> votes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                LocalBudget local =
                        new LocalBudget(budget, Amount.ZERO, models.access().judges())) {
            for (int vote = 1; vote <= 2; vote++) {
                int number = vote;
                RunGuard guard = models.access().judgeOf(vote).runGuard();
                votes.add(threads.submit(() -> judge.vote(
                        work, excerpts.resolve(specification.version(), List.of()), number, 1, guard.parking())));
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> guard.leaseRequest().getLeast() != null);
            }
            local.start();
            for (Future<ScoreResult> vote : votes) {
                assertThat(vote.get()).isInstanceOf(ScoreResult.Valid.class);
            }
        }
    }

    private static Run run(Budget budget) {
        return Run.newBuilder()
                .setRunId("local")
                .setIdentity("{}")
                .setSources(0)
                .setOpenedAt(Instant.EPOCH)
                .setBudget(budget)
                .build();
    }
}
