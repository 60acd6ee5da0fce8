package dev.precept.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.precept.judging.AnswerJudge;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgedWork;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.Panel;
import dev.precept.judging.RolePrompt;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.StandaloneModels;
import dev.precept.judging.TaskFixture;
import dev.precept.judging.canary.AnswerCanaries;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.canary.CanarySettings;
import dev.precept.records.Message;
import dev.precept.reward.NoRewardException.Cause;
import dev.precept.schemas.Amount;
import dev.precept.spec.Specification;
import dev.precept.store.LocalStore;
import dev.precept.store.ObjectStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A request waits for a vote that is being obtained, and never for one that is given up. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class VoteFlightsTest {
    private static final JudgedWork.AnswerOnly WORK = new JudgedWork.AnswerOnly(
            List.of(Message.newBuilder().setRole("user").setContent("How?").build()), "So.", null);

    @SuppressWarnings("NullAway.Init")
    private ScriptedModel model;

    @SuppressWarnings("NullAway.Init")
    private StandaloneModels models;

    @SuppressWarnings("NullAway.Init")
    private Specification specification;

    @SuppressWarnings("NullAway.Init")
    private Policies policies;

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = new ScriptedModel();
        model.script(_ -> RunningReward.vote(8));
        specification = TaskFixture.in(folder.resolve("spec")).specification();
        policies = new Policies(specification, Optional.empty(), Optional.of(List.of()));
        models = new StandaloneModels(
                "reward",
                Panel.of(
                        model.endpoint(1)
                                .withPrompt(RolePrompt.STANDARD.forAnswers(null).orElseThrow()),
                        1),
                Optional.empty(),
                Amount.ZERO,
                Optional.empty(),
                (_, _) -> false,
                new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        models.close();
        model.close();
    }

    private VoteFlights flights(ObjectStore store, Duration patience) {
        AnswerJudge judge =
                new AnswerJudge(models.access().map(access -> access.forTasks(policies.excerpts(), new byte[32])));
        VoteCalls calls = new VoteCalls(
                judge, vote -> models.access().judgeOf(vote).runGuard().parking());
        return new VoteFlights(calls, new VoteStore(store), patience, 10);
    }

    private Excerpts.EncodedExcerpt excerpt() throws InterruptedException {
        return policies.excerpts().resolve(specification.version(), List.of());
    }

    @Test
    void aVoteThatIsGivenUpIsAskedForAnew() throws Exception {
        StuckStore store = new StuckStore(LocalStore.open(folder.resolve("votes")));
        try (VoteFlights flights = flights(store, Duration.ZERO)) {
            VoteFlights.Flight first = flights.vote(WORK, excerpt(), 1);
            store.interrupted.await(); // given up, and still at work
            try {
                assertThat(flights.vote(WORK, excerpt(), 1)).isNotSameAs(first);
            } finally {
                store.released.countDown();
            }
        }
    }

    @Test
    void aVoteThatIsStoredIsNotStartedOnceTheServiceStops() throws Exception {
        try (VoteFlights flights = flights(LocalStore.open(folder.resolve("votes")), Duration.ofMinutes(2))) {
            flights.vote(WORK, excerpt(), 1).await(System.nanoTime(), Duration.ofMinutes(1));
            flights.stop();
            assertThatThrownBy(() -> flights.vote(WORK, excerpt(), 1))
                    .isInstanceOfSatisfying(
                            NoRewardException.class, e -> assertThat(e.reason()).isEqualTo(Cause.STOPPING));
        }
    }

    @Test
    void oneCanaryIsJudgedBesideEqualAnswers() throws Exception {
        Path file = Files.writeString(
                folder.resolve("canaries.jsonl"),
                "{\"id\": \"bad\", \"prompt\": \"CANARY\", \"category\": \"fraud\", \"answer\": \"So.\", \"expect\": \"turn-away\"}");
        AnswerCanaries canaries = new AnswerCanaries(
                new AnswerJudge(models.access().map(access -> access.forBestEffort(policies.excerpts(), new byte[32]))),
                Canaries.load(Optional.of(new CanarySettings(file, 1))),
                policies.excerpts(),
                specification.version(),
                8,
                models.access().map(ModelAccess::runGuard),
                4,
                new SimpleMeterRegistry());
        RewardSample sample = new RewardSample(
                WORK.conversation(),
                AnswerText.of(WORK.answer()),
                new Label(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), MissingNode.getInstance()));
        AnswerJudge judge =
                new AnswerJudge(models.access().map(access -> access.forTasks(policies.excerpts(), new byte[32])));
        try (VoteFlights flights = flights(LocalStore.open(folder.resolve("votes")), Duration.ofMinutes(2))) {
            RewardJudge rewards = new RewardJudge(
                    judge,
                    flights,
                    policies,
                    Duration.ofMinutes(1),
                    canaries,
                    new RewardMetrics(new SimpleMeterRegistry()));

            assertThat(rewards.rewards(List.of(sample, sample, sample), System.nanoTime()))
                    .hasSize(3);
        }
        canaries.stop(Duration.ofMinutes(1));

        assertThat(RunningReward.texts(model))
                .hasSize(2)
                .filteredOn(text -> text.contains("CANARY"))
                .hasSize(1);
    }

    @Test
    void aStoredVoteWithATextForAGradeIsDamaged() {
        byte[] damaged = "{\"score\": 8, \"criteria\": {\"correctness\": \"high\"}}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> StoredVote.read(damaged))
                .isInstanceOf(IOException.class)
                .hasMessage("its criterion correctness is no number");
    }

    /** Its writes hang, also when they are interrupted, until they are released; then they fail. */
    private static final class StuckStore implements ObjectStore {
        final CountDownLatch interrupted = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        private final ObjectStore store;

        StuckStore(ObjectStore store) {
            this.store = store;
        }

        @Override
        public boolean createIfAbsent(String key, byte[] content) throws IOException {
            boolean isInterrupted = false;
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                    interrupted.countDown();
                }
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("the disk is full");
        }

        @Override
        public boolean createIfAbsent(String key, Path content) throws IOException {
            return store.createIfAbsent(key, content);
        }

        @Override
        public Optional<byte[]> read(String key) throws IOException {
            return store.read(key);
        }

        @Override
        public Path fetch(String key) throws IOException {
            return store.fetch(key);
        }

        @Override
        public void delete(String key) throws IOException {
            store.delete(key);
        }

        @Override
        public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
            store.visitObjects(prefix, after, visitor);
        }

        @Override
        public String location() {
            return store.location();
        }
    }
}
