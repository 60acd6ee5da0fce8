package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A preview runs the first prompts, prints samples and cost, and keeps only cached responses. */
class PreviewCostTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Tag("cluster")
    @Test
    void aSecondPreviewUsesTheCache() {
        CommandResult first = preview();
        assertThat(first.code()).as(first.out() + first.err()).isZero();
        assertThat(first.out())
                .contains("[reasoning]", "vote 1:", "cost: generator", "3 of 129 prompts: ", "estimate for all prompts")
                .containsPattern("slots +3\\b");
        assertThat(Files.exists(folder.resolve("work/run.json"))).isFalse();
        assertThat(Files.exists(folder.resolve("dataset/log"))).isFalse();
        assertThat(Files.isDirectory(folder.resolve("dataset/cache"))).isTrue();

        assertThat(preview().out()).contains("responses came from the cache").containsPattern("judge calls +[0-9]\\b");
    }

    private CommandResult preview() {
        return CommandResult.run(
                "preview",
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--rows",
                "3",
                "--set",
                "generator.price.prompt=0.5",
                "--set",
                "generator.price.completion=2",
                "--work",
                folder.resolve("work").toString(),
                "--dataset",
                folder.resolve("dataset").toString());
    }
}
