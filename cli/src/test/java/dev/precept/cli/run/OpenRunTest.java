package dev.precept.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe without a run in its work folder continues the open run of its dataset, or is told what is open. */
class OpenRunTest {
    private static final Map<String, String> IDENTITY = Map.of("judge.votes", "3", "spec", "s");
    private static final String IDENTITY_JSON = "{\"judge.votes\":\"3\",\"spec\":\"s\"}";
    private static final Map<String, String> TOPICS = Map.of("samples", "s1", "rejections", "r1");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Dataset dataset;

    @SuppressWarnings("NullAway.Init")
    private WorkFolder work;

    @BeforeEach
    void open() {
        dataset = Dataset.open(folder.resolve("dataset"), 1);
        work = new WorkFolder(folder.resolve("work"));
        work.prepare();
    }

    private Optional<OpenRun> find(Map<String, String> identity) {
        return OpenRun.find(dataset, Optional.empty(), identity, work);
    }

    private WorkFolder other() {
        WorkFolder other = new WorkFolder(folder.resolve("other"));
        other.prepare();
        new RunFile("r1", "p", 1, IDENTITY, "{}", folder).write(other);
        return other;
    }

    @Test
    void anEmptyDatasetHasNone() {
        assertThat(find(IDENTITY)).isEmpty();
    }

    @Test
    void theSameRecipeContinuesTheRunOfAFolderThatIsGone() {
        dataset.register("r1", IDENTITY_JSON, TOPICS, RunLocation.place(work));
        assertThat(find(IDENTITY)).contains(new OpenRun("r1", true));
    }

    @Test
    void ofARunOfAnotherMachineItIsNotKnownWhetherItIsUnderWay() {
        dataset.register("r1", IDENTITY_JSON, TOPICS, "elsewhere.example:" + work.root());
        assertThat(find(IDENTITY)).contains(new OpenRun("r1", false));
    }

    @Test
    void aFolderThatStillHoldsTheRunIsNamed() {
        dataset.register("r1", IDENTITY_JSON, TOPICS, RunLocation.place(other()));
        assertThatThrownBy(() -> find(IDENTITY))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("run r1: its work folder is " + folder.resolve("other") + "; give --work "
                        + folder.resolve("other"));
    }

    @Test
    void aRunThatIsUnderWayIsNotTakenOver() {
        WorkFolder other = other();
        dataset.register("r1", IDENTITY_JSON, TOPICS, RunLocation.place(other));
        try (WorkFolder.Lock _ = other.lock()) {
            assertThatThrownBy(() -> find(IDENTITY)).hasMessageContaining("in use by another process");
        }
    }

    @Test
    void anotherRecipeIsRefusedWithTheCommandsThatResumeAndEndTheOpenRun() {
        dataset.register("r1", IDENTITY_JSON, TOPICS, RunLocation.place(other()));
        assertThatThrownBy(() -> find(Map.of("judge.votes", "5", "spec", "s")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "run r1 of another recipe is open (judge.votes was 3, is 5)",
                        "'precept run --work " + folder.resolve("other") + "'",
                        "'precept cancel --dataset " + folder.resolve("dataset") + " --run r1'",
                        "--set run=NAME");
    }

    @Test
    void aNamedRunIsStartedBesideAnother() {
        dataset.register("r1", IDENTITY_JSON, TOPICS, RunLocation.place(work));
        assertThat(OpenRun.find(dataset, Optional.of("r2"), Map.of("judge.votes", "5"), work))
                .isEmpty();
        assertThat(OpenRun.find(dataset, Optional.of("r1"), IDENTITY, work)).contains(new OpenRun("r1", true));
        assertThatThrownBy(() -> OpenRun.find(dataset, Optional.of("r1"), Map.of("spec", "t"), work))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("spec was s, is t");
    }

    @Test
    void ofTwoRunsOfOneRecipeTheUserNamesOne() {
        dataset.register("r1", IDENTITY_JSON, TOPICS, RunLocation.place(work));
        dataset.register("r2", IDENTITY_JSON, TOPICS, RunLocation.place(work));
        assertThatThrownBy(() -> find(IDENTITY)).hasMessageContainingAll("r1, r2", "--set run=NAME");
    }

    @Test
    void aRunThatWasRegisteredWhileAnotherStartedIsFoundBeforeTheFirstCall() {
        assertThat(find(IDENTITY)).as("r2 starts").isEmpty();
        requireNoneSince(Optional.empty());

        dataset.register("r1", IDENTITY_JSON, TOPICS, RunLocation.place(work));
        assertThatThrownBy(() -> requireNoneSince(Optional.empty()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("dataset " + dataset.location()
                        + ": run r1 of this recipe was started meanwhile; wait for it, or stop it");
        assertThatThrownBy(() -> OpenRun.requireNoneSince(dataset, Optional.empty(), Map.of("judge.votes", "2"), "r2"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("run r1 of another recipe is open (");
        requireNoneSince(Optional.of("r2"));
        dataset.register("r2", IDENTITY_JSON, TOPICS, RunLocation.place(work));
        requireNoneSince(Optional.empty());
    }

    private void requireNoneSince(Optional<String> name) {
        OpenRun.requireNoneSince(dataset, name, IDENTITY, "r2");
    }

    @Test
    void aHashThatDiffersIsShortened() {
        String hash = "0123456789ab" + "c".repeat(52);
        assertThat(Identity.differing(Map.of("spec", hash), Map.of("spec", "d".repeat(64))))
                .containsExactly("spec was 0123456789ab, is dddddddddddd");
    }
}
