package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Strimzi manifests of the overlay are the output of the command. */
class StrimziManifestsTest {
    private static final Path K8S =
            Path.of(System.getProperty("precept.root", ".")).resolve("deploy/k8s");

    @ParameterizedTest
    @CsvSource({"topics.yaml,", "users.yaml,--users"})
    void strimzisTopicsAndUsers(String file, String users) throws IOException {
        String recipe = K8S.resolve("overlays/production/recipe.yaml").toString();
        CommandResult printed = users == null
                ? CommandResult.run("topics", "--format", "strimzi", "--recipe", recipe)
                : CommandResult.run("topics", "--format", "strimzi", "--recipe", recipe, users);
        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(printed.out())
                .as("precept topics --format strimzi --recipe deploy/k8s/overlays/production/recipe.yaml")
                .isEqualTo(Files.readString(K8S.resolve("components/strimzi").resolve(file)));
    }

    @Test
    void theTopicsOfAnExistingDatasetNeedNoPrefixInTheRecipe(@TempDir Path folder) throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("recipe.yaml"),
                "spec: spec\nprompts: {files: [p.jsonl]}\ndataset: " + folder.resolve("dataset") + "\n");
        assertThat(CommandResult.run("topics", "--recipe", recipe.toString()).err())
                .contains("topics.prefix: missing, and " + folder.resolve("dataset") + " is no dataset that has one");

        Dataset dataset = Dataset.open(folder.resolve("dataset"), 3);
        CommandResult printed = CommandResult.run("topics", "--recipe", recipe.toString());
        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(printed.out()).contains(dataset.topicPrefix() + ".samples").contains("--partitions 3 ");
    }
}
