package dev.precept.judging.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.AnswerJudge;
import dev.precept.judging.Excerpts;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.Panel;
import dev.precept.judging.RolePrompt;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.ScriptedModel.ScriptedReply;
import dev.precept.judging.StandaloneModels;
import dev.precept.judging.TaskFixture;
import dev.precept.records.Run;
import dev.precept.schemas.Amount;
import dev.precept.spec.Specification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A canary beside rewards is judged by the whole panel, or not at all. */
class AnswerCanariesTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @SuppressWarnings("NullAway.Init")
    private ScriptedModel strict;

    @SuppressWarnings("NullAway.Init")
    private ScriptedModel lenient;

    @SuppressWarnings("NullAway.Init")
    private StandaloneModels models;

    @SuppressWarnings("NullAway.Init")
    private AnswerCanaries canaries;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        strict = new ScriptedModel();
        strict.script(_ -> vote(3));
        lenient = new ScriptedModel();
        lenient.script(_ -> vote(9));
        RolePrompt prompt = RolePrompt.STANDARD.forAnswers(null).orElseThrow();
        models = new StandaloneModels(
                "reward",
                new Panel<>(List.of(
                        new Panel.Member<>(lenient.endpoint(4).withPrompt(prompt), 1),
                        new Panel.Member<>(strict.endpoint(4).withPrompt(prompt), 1))),
                Optional.empty(),
                Amount.ZERO,
                Optional.empty(),
                (_, _) -> false,
                meters);
        Path file = folder.resolve("canaries.jsonl");
        Files.writeString(
                file,
                "{\"id\": \"bad\", \"prompt\": \"How?\", \"category\": \"fraud\", \"answer\": \"So.\", \"expect\": \"turn-away\"}");
        Specification specification = TaskFixture.in(folder.resolve("spec")).specification();
        Excerpts excerpts = new Excerpts(_ -> specification);
        canaries = new AnswerCanaries(
                new AnswerJudge(models.access().map(model -> model.forBestEffort(excerpts, new byte[32]))),
                Canaries.load(Optional.of(new CanarySettings(file, 1))),
                excerpts,
                specification.version(),
                8,
                models.access().map(ModelAccess::runGuard),
                1,
                meters);
    }

    @AfterEach
    void stop() {
        models.close();
        strict.close();
        lenient.close();
    }

    private static ScriptedReply vote(int score) {
        return ScriptedReply.completion("", String.format(Locale.ROOT, ScriptedModel.VOTE, score));
    }

    private double counted(String outcome) {
        return meters.get("precept.canaries")
                .tags("expected", "turn_away", "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void oneJudgeOfThePanelTurnsItAway() throws InterruptedException {
        canaries.judgeBeside("an answer");
        canaries.stop(Duration.ofMinutes(1));

        assertThat(counted("turned_away")).isEqualTo(1);
        assertThat(lenient.requests()).hasSize(1);
        assertThat(strict.requests()).hasSize(1);

        canaries.judgeBeside("another answer"); // stopped
        assertThat(lenient.requests()).hasSize(1);
    }

    @Test
    void noneIsPaidForWhileAnotherJudgeMakesNoCalls() throws InterruptedException {
        models.access().judgeOf(2).runGuard().update(paused());

        canaries.judgeBeside("an answer");
        canaries.stop(Duration.ofMinutes(1));

        assertThat(lenient.requests()).isEmpty();
        assertThat(counted("undecided")).isZero();
    }

    private static Run paused() {
        return Run.newBuilder()
                .setRunId("r")
                .setIdentity("{}")
                .setSources(0)
                .setOpenedAt(Instant.EPOCH)
                .setPaused(true)
                .build();
    }
}
