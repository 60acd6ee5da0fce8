package dev.precept.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.precept.dataset.Layout;
import dev.precept.judging.AnswerJudge;
import dev.precept.judging.Panel;
import dev.precept.judging.RolePrompt;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.StandaloneModels;
import dev.precept.judging.TaskFixture;
import dev.precept.records.Message;
import dev.precept.reward.NoRewardException.Cause;
import dev.precept.schemas.Amount;
import dev.precept.spec.Specification;
import dev.precept.store.LocalStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rewards that are missing have their cause, and are counted. */
class RewardJudgeTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ScriptedModel model;

    @BeforeEach
    void start() throws IOException {
        model = new ScriptedModel();
        model.script(_ -> RunningReward.vote(8));
    }

    @AfterEach
    void stop() {
        model.close();
    }

    /** Asks for two rewards, and returns why there are none. */
    private NoRewardException missing(LocalStore dataset, LocalStore votes, Optional<String> version) throws Exception {
        return missing(dataset, votes, version, Duration.ZERO);
    }

    /** @param age of the request when it has been read */
    private NoRewardException missing(LocalStore dataset, LocalStore votes, Optional<String> version, Duration age)
            throws Exception {
        Specification own = TaskFixture.in(folder.resolve("spec")).specification();
        Policies policies = new Policies(own, Optional.of(dataset), Optional.of(own.categories()));
        RolePrompt prompt = RolePrompt.STANDARD.forAnswers(null).orElseThrow();
        Duration deadline = Duration.ofSeconds(1);
        RewardSample sample = new RewardSample(
                List.of(Message.newBuilder().setRole("user").setContent("How?").build()),
                AnswerText.of("So."),
                new Label(List.of(), version, Optional.empty(), Optional.empty(), MissingNode.getInstance()));
        NoRewardException[] missing = new NoRewardException[1];
        try (StandaloneModels models = new StandaloneModels(
                "reward",
                Panel.of(model.endpoint(1).withPrompt(prompt), 1),
                Optional.empty(),
                Amount.ZERO,
                Optional.empty(),
                (_, _) -> false,
                meters)) {
            AnswerJudge judge =
                    new AnswerJudge(models.access().map(access -> access.forTasks(policies.excerpts(), new byte[32])));
            try (VoteFlights flights = new VoteFlights(
                    new VoteCalls(
                            judge,
                            vote -> models.access().judgeOf(vote).runGuard().parking()),
                    new VoteStore(votes),
                    deadline.multipliedBy(2),
                    1)) {
                RewardJudge rewards =
                        new RewardJudge(judge, flights, policies, deadline, null, new RewardMetrics(meters));
                assertThatThrownBy(() -> rewards.rewards(List.of(sample, sample), System.nanoTime() - age.toNanos()))
                        .isInstanceOfSatisfying(NoRewardException.class, e -> missing[0] = e);
            }
        }
        return missing[0];
    }

    private double counted(Cause cause) {
        return meters.get("precept.reward.missing")
                .tag("cause", cause.label())
                .counter()
                .count();
    }

    @Test
    void aSpecificationThatCannotBeRead() throws Exception {
        String version = "0".repeat(64);
        Files.createDirectories(folder.resolve("dataset").resolve(Layout.specification(version))); // no file
        LocalStore dataset = LocalStore.open(folder.resolve("dataset"));

        assertThat(missing(dataset, dataset, Optional.of(version)).reason()).isEqualTo(Cause.STORE);

        assertThat(counted(Cause.STORE)).isEqualTo(2);
    }

    @Test
    void aSpecificationThatIsAnotherOne() throws Exception {
        String version = "0".repeat(64);
        Path file = folder.resolve("dataset").resolve(Layout.specification(version));
        Files.createDirectories(file.getParent());
        Files.write(file, TaskFixture.in(folder.resolve("spec")).specification().compile());
        LocalStore dataset = LocalStore.open(folder.resolve("dataset"));

        NoRewardException missing = missing(dataset, dataset, Optional.of(version));

        assertThat(missing).hasMessageContaining("holds another specification");
        assertThat(missing.reason()).isEqualTo(Cause.STORE);
    }

    @Test
    void aVoteThatCannotBeStored() throws Exception {
        LocalStore dataset = LocalStore.open(folder.resolve("dataset"));

        NoRewardException missing =
                missing(dataset, LocalStore.openReadOnly(folder.resolve("dataset")), Optional.empty());

        assertThat(missing).hasMessageContaining("cannot be stored");
        assertThat(missing.reason()).isEqualTo(Cause.STORE);
        assertThat(counted(Cause.STORE)).isEqualTo(2);
    }

    @Test
    void aRequestThatIsReadAfterItsDeadlineCostsNoCall() throws Exception {
        LocalStore dataset = LocalStore.open(folder.resolve("dataset"));

        NoRewardException missing = missing(dataset, dataset, Optional.empty(), Duration.ofSeconds(2));

        assertThat(missing).hasMessageContaining("no vote was asked for");
        assertThat(missing.reason()).isEqualTo(Cause.DEADLINE);
        assertThat(counted(Cause.DEADLINE)).isEqualTo(2);
        assertThat(model.requests()).isEmpty();
    }
}
