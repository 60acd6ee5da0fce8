package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code release --as next} increments the version, is audited, and makes nothing without new commits. */
final class ReleaseNextVersionTest {
    private static final int SAMPLES = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private DatasetFixture made;

    @BeforeEach
    void completeRun() throws IOException {
        made = new DatasetFixture(folder.resolve("dataset"));
        made.samples(0, SAMPLES);
        made.complete(SAMPLES);
        recipe("world_size: 2");
    }

    @Test
    void itIncrementsTheHighestVersion() {
        assertThat(next().out()).contains("released " + made.folder() + "/releases/v1/ (20 rows)");
        done("release", "--dataset", made.folder().toString(), "--as", "v11", "--views", "sft");
        done("release", "--dataset", made.folder().toString(), "--as", "strict", "--views", "raw");
        assertThat(next().out()).contains("/releases/v12/");
    }

    @Test
    void withoutNewCommitsNoVersionIsMade() throws IOException {
        next();
        assertThat(next().out())
                .isEqualTo("nothing is new since v1 in " + made.folder()
                        + ": same commits, same settings; no version made\n");
        assertThat(versions()).containsExactly("v1");
        assertThat(audited()).isEqualTo(1);
    }

    @Test
    void otherSettingsMakeAVersion() throws IOException {
        next();
        recipe("world_size: 4");
        assertThat(next().out()).contains("/releases/v2/");
        assertThat(next().out()).contains("nothing is new since v2");
        assertThat(next("--views", "sft").out()).contains("/releases/v3/");
    }

    @Test
    void aWithdrawalMakesAVersion() throws IOException {
        next();
        String id = done("show", "--dataset", made.folder() + "@v1", "--rows", "1")
                .out()
                .lines()
                .filter(line -> line.startsWith("  sample "))
                .map(line -> line.substring("  sample ".length()))
                .findFirst()
                .orElseThrow();
        done("withdraw", made.folder() + "@v1", "--as", "without", "--why", "its author asked", "--sample", id);
        assertThat(next().out()).contains("/releases/v2/ (19 rows)");
        assertThat(next().out()).contains("nothing is new since v2");
    }

    @Test
    void anOpenRunIsWorkLeft() throws IOException {
        next();
        Dataset.openExisting(made.folder())
                .register("run-2", "{}", Map.of("samples", "other-s", "rejections", "other-r"));
        CommandResult commandResult = release();
        assertThat(commandResult.code()).isEqualTo(1);
        assertThat(commandResult.err()).startsWith("not released: open runs: run-2");
        CommandResult scheduled = next("--if-complete");
        assertThat(scheduled.err()).as("the reason stays").startsWith("not released: open runs: run-2");
        assertThat(versions()).containsExactly("v1");
    }

    @Test
    void theSettingsOfARecipeApply() throws IOException {
        recipe("world_size: 2, views: [raw], name: mine");
        next();
        assertThat(folder.resolve("dataset/releases/v1/raw/train/train-00001-of-00002.parquet"))
                .exists();
        assertThat(folder.resolve("dataset/releases/v1/sft")).doesNotExist();
    }

    @Test
    void recipeAndDatasetExcludeEachOther() {
        String recipe = folder.resolve("recipe.yaml").toString();
        refused(CommandResult.run("release", "--as", "next"), "--dataset");
        refused(
                CommandResult.run(
                        "release",
                        "--recipe",
                        recipe,
                        "--dataset",
                        made.folder().toString(),
                        "--as",
                        "next"),
                "mutually exclusive");
    }

    @Test
    void nextIsNoVersionName() throws IOException {
        recipe("name: next");
        refused(
                CommandResult.run(
                        "release", "--recipe", folder.resolve("recipe.yaml").toString(), "--as", "next"),
                "release.name");
        refused(
                CommandResult.run("withdraw", made.folder() + "@v1", "--as", "next", "--why", "x", "--source", "s"),
                "release 'next' is not allowed as a name");
    }

    @Test
    void theActorIsAuditedAndTheVersionVerifies() {
        next();
        done("ref", made.folder().toString(), "stable", "v1");
        String auditLog = done("audit", made.folder().toString()).out();
        assertThat(auditLog.lines())
                .hasSize(2)
                .allMatch(line -> line.contains("  " + System.getProperty("user.name") + "@"))
                .anyMatch(line -> line.endsWith("  release  version=v1"))
                .anyMatch(line -> line.endsWith("  ref  from=nowhere ref=stable to=v1"));
        CommandResult verified =
                CommandResult.run("verify", made.folder().toString()); // the fixture has no stored specification
        assertThat(verified.out() + verified.err())
                .doesNotContain("audit/")
                .contains("0 unreferenced files, 0 recent files");
        assertThat(done("gc", made.folder().toString(), "--older-than", "1ms", "--force")
                        .out())
                .contains(": 0 unreferenced files, 0 bytes deleted");
        assertThat(done("audit", made.folder().toString()).out()).isEqualTo(auditLog);
    }

    private void recipe(String release) throws IOException {
        Files.writeString(folder.resolve("recipe.yaml"), """
                dataset: %s
                spec: spec
                prompts: {files: [prompts.jsonl]}
                release: {%s}
                """.formatted(made.folder(), release));
    }

    private CommandResult next(String... more) {
        CommandResult commandResult = release(more);
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        return commandResult;
    }

    private CommandResult release(String... more) {
        List<String> args = new ArrayList<>(
                List.of("release", "--recipe", folder.resolve("recipe.yaml").toString(), "--as", "next"));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    private List<String> versions() {
        return Dataset.openExisting(made.folder()).versions().all();
    }

    private long audited() {
        return done("audit", made.folder().toString()).out().lines().count();
    }

    private static CommandResult done(String... args) {
        CommandResult commandResult = CommandResult.run(args);
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        return commandResult;
    }

    private static void refused(CommandResult commandResult, String part) {
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isEqualTo(2);
        assertThat(commandResult.err()).contains(part).doesNotContain("Exception", "\tat ");
    }
}
