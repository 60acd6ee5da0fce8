package dev.precept.cli.command;

import static dev.precept.cli.command.CommandResult.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code precept card} prints and checks a version, and a gate that fails is one line and exit code 3. */
class CardCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aGateAnotherLimitACardAndItsCheck() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        dataset.samples(0, 40);
        dataset.complete(40);
        String at = dataset.folder().toString();

        CommandResult refused = run("release", at, "--as", "v1", "--gate", "leaks=0", "--gate", "alpha=0.5");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err().lines().filter(line -> !line.startsWith("["))) // logs of libraries
                .hasSize(2)
                .allMatch(line -> line.matches("not released: gate (leaks|alpha): null, at (most 0|least 0.5) is .*"));
        assertThat(run("card", at + "@v1").code()).isEqualTo(2);
        CommandResult unknown = run("release", at, "--as", "v1", "--gate", "leak=0");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("--gate leak=0: there is no gate 'leak'; there are false_citations, ");

        assertThat(run("release", at, "--as", "v1").code()).isZero();
        CommandResult again = run("release", at, "--from", "v1", "--as", "v2", "--gate", "leaks=0");
        assertThat(again.code()).isEqualTo(3);
        assertThat(again.err()).contains("not released: gate leaks: null");
        assertThat(run("release", at, "--as", "v2", "--gate", "leaks=0", "--json")
                        .out())
                .contains("\"outcome\" : \"gates_failed\"", "gate leaks: null");

        assertThat(run("card", at).out())
                .startsWith("# Spec-grounded reasoning data, version v1\n")
                .contains("## How far it can be trusted", "| canaries | not known |");
        assertThat(run("card", at, "--json").out()).contains("\"saved_tokens_per_sample\" : ");
        CommandResult checked = run("card", at, "--check");
        assertThat(checked.code()).isZero();
        assertThat(checked.out()).matches("checked \\S+@v1 \\(\\d+ numbers and hashes, 0 differ\\)\n");

        Files.writeString(
                dataset.folder().resolve("releases/v1/README.md"), "No bad sample.\n", StandardOpenOption.APPEND);
        CommandResult altered = run("card", at, "--check");
        assertThat(altered.code()).isEqualTo(3);
        assertThat(altered.err()).contains("sha256 of releases/v1/README.md: the manifest says ");
        assertThat(altered.out()).endsWith(" 1 differs)\n");
        assertThat(run("card", at, "--check", "--json").out()).contains("\"checked\" : false");
    }
}
