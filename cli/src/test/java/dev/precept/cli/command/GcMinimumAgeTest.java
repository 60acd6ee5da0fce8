package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcMinimumAgeTest {
    private static final String LEFT = "data/samples-topic-s-0/0-7-0123456789abcdef.parquet";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private String location;

    @BeforeEach
    void writeOrphans() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        location = dataset.folder().toString();
        dataset.samples(0, 10);
        Files.writeString(dataset.folder().resolve(LEFT), "left over");
        Files.setLastModifiedTime(
                dataset.folder().resolve(LEFT), FileTime.from(Instant.now().minus(Duration.ofHours(30))));
        Files.writeString(dataset.folder().resolve("data/samples-topic-s-0/10-17-0123456789abcdef.parquet"), "next");
    }

    @Test
    void aDryRunListsWhatGcDeletes() {
        CommandResult seen = CommandResult.run("verify", location);
        assertThat(seen.code()).as(seen.err()).isZero();
        assertThat(seen.out())
                .contains(
                        LEFT + ": not referenced",
                        "10-17-0123456789abcdef.parquet: recent",
                        "1 unreferenced file, 1 recent file skipped)");
        CommandResult dry = CommandResult.run("gc", location, "--dry-run");
        assertThat(dry.out())
                .contains(LEFT + "  would be deleted (9 bytes)")
                .contains(
                        "1 unreferenced file, 9 bytes would be deleted; kept 0 younger than 1d, 1 that a sink may commit");
        assertThat(Path.of(location, LEFT)).exists();
        CommandResult done = CommandResult.run("gc", location, "--older-than", "12h");
        assertThat(done.code()).isZero();
        assertThat(done.out()).contains(LEFT + "  deleted (9 bytes)", "10-17-0123456789abcdef.parquet  kept");
        assertThat(Path.of(location, LEFT)).doesNotExist();
        assertThat(CommandResult.run("gc", location).out()).contains(": 0 unreferenced files, 0 bytes deleted");
    }

    @Test
    void anUnreadableCommitStopsIt() throws IOException {
        Files.writeString(Path.of(location, "log/samples-topic-s-0/00000000000000000000.json"), "{");
        CommandResult commandResult = CommandResult.run("gc", location);
        assertThat(commandResult.code()).isEqualTo(3);
        assertThat(commandResult.err())
                .hasLineCount(1)
                .contains("0.json cannot be read, and may name files that would be deleted; run 'precept verify'");
        assertThat(Path.of(location, LEFT)).exists();
    }

    @Test
    void anAgeBelowOneHourNeedsForce() {
        for (String age : new String[] {"59m", "1s", "0d"}) {
            CommandResult commandResult = CommandResult.run("gc", location, "--older-than", age);
            assertThat(commandResult.code()).isEqualTo(2);
            assertThat(commandResult.err())
                    .hasLineCount(1)
                    .contains("less than 1h, and a sink stores data files before the commit that references them");
        }
        assertThat(Path.of(location, LEFT)).exists();
        assertThat(CommandResult.run("gc", location, "--older-than", "1s", "--force")
                        .code())
                .isZero();
        assertThat(Path.of(location, LEFT)).doesNotExist();
        assertThat(CommandResult.run("gc", location, "--older-than", "soon").code())
                .isEqualTo(2);
        assertThat(CommandResult.run("gc", folder.resolve("none").toString()).err())
                .contains("no dataset");
    }
}
