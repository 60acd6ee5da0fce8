package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What release, ref, pull and verify print of splits, files and {@code latest}. */
class ReleaseOutputTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aReleaseSaysWhatIsNewAndWhereLatestPoints() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        String at = dataset.folder().toString();
        dataset.samples(0, 60);
        dataset.complete(60);
        assertThat(run("ref", at).out()).contains("has no refs");
        String first = run("release", at, "--as", "v1", "--validation", "0.1", "--views", "sft,preference")
                .out();
        assertThat(first)
                .contains("latest points to v1\n")
                .containsPattern("  preference +no rows\n")
                .doesNotContain("(was ");

        String second = run("release", at, "--as", "v2", "--validation", "0.5", "--views", "sft")
                .out();
        assertThat(second)
                .contains("  every prompt of v1 is in the split where it was\n")
                .containsPattern(
                        "  by the requested share \\d+ prompts of train would be in validation; --resplit moves them\n")
                .contains("latest points to v2 (was v1)\n");
        assertThat(rowLines(second)).isEqualTo(rowLines(first));
        String third = run("release", at, "--as", "v3", "--validation", "0.5", "--resplit")
                .out();
        assertThat(third)
                .containsPattern("prompts: \\d+ train \\(-\\d+ since v2\\), \\d+ validation \\(\\+\\d+ since v2\\)\n")
                .containsPattern("  --resplit moved \\d+ prompts of v2 from train to validation, 0 prompts from")
                .contains("latest points to v3 (was v2)\n");
        assertThat(run("release", at, "--from", "v1", "--as", "v1b").out())
                .contains("latest still points to v3; 'precept ref " + at + " latest v1b' moves it\n");
        assertThat(run("release", at, "--from", "v1", "--as", "v1c", "--validation", "0.001", "--resplit")
                        .out())
                .contains("no validation rows: the share 0.001 holds out none of 60 prompts\n");
        assertThat(run("ref", at, "prod", "v1").code()).isZero();
        assertThat(run("ref", at).out()).isEqualTo("latest is v3, was v2\nprod is v1\n");
        assertThat(run("ref", at, "--json").out()).contains("\"ref\" : \"prod\"");
    }

    @Test
    void aDryRunPrintsWhatAReleaseWouldMakeAndWritesNothing() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        dataset.samples(0, 60);
        dataset.complete(60);
        String at = dataset.folder().toString();
        Path template = Files.writeString(
                folder.resolve("field.jinja"),
                "{% for m in messages %}{{ m.role }}: {% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}"
                        + "{{ m.content }}{% endfor %}");
        String[] release = {"release", at, "--as", "v1", "--validation", "0.1", "--views", "sft,raw"};
        List<String> before = files(dataset.folder());
        String out = run(with(release, "--dry-run", "--template", template.toString()))
                .out();
        System.out.println(out);
        assertThat(files(dataset.folder())).isEqualTo(before);
        assertThat(out)
                .contains("version v1 would have 60 samples\n", "latest would point to v1\n")
                .contains("chat template field.jinja: reads reasoning_content, of every turn\n")
                .containsPattern("(?m)^  sft +60 good$")
                .containsPattern("(?m)^  sft-harmony \\* +60 lost: reasoning lost$")
                .contains(" * not among the views of this version\n");
        CommandResult refused = run(
                "release", at, "--as", "v1", "--views", "sft-harmony", "--dry-run", "--template", template.toString());
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("would not be released: view sft-harmony is refused");
        assertThat(run(with(release, "--dry-run", "--json", "--template", template.toString()))
                        .out())
                .contains("\"outcome\" : \"dry_run\"", "\"latest\" : \"v1\"", "\"good\" : 60");
        assertThat(files(dataset.folder())).isEqualTo(before);
        assertThat(rowLines(run(release).out()))
                .isEqualTo(rowLines(out)
                        .lines()
                        .filter(line -> line.contains(" rows in "))
                        .collect(Collectors.joining("\n")));
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private static String rowLines(String out) {
        return String.join(
                "\n", out.lines().filter(line -> line.startsWith("  sft ")).toList());
    }

    @Test
    void viewsAndASplitArePulledAndVerified() throws IOException {
        DatasetFixture dataset = new DatasetFixture(folder.resolve("dataset"));
        dataset.samples(0, 60);
        dataset.complete(60);
        String at = dataset.folder().toString();
        assertThat(run("release", at, "--as", "v1", "--validation", "0.1", "--views", "sft,raw")
                        .code())
                .isZero();
        String to = folder.resolve("v1").toString();
        CommandResult pulled = run("pull", at + "@v1", "--view", "sft,raw", "--split", "validation", "--to", to);
        assertThat(pulled.code()).as(pulled.err()).isZero();
        assertThat(pulled.out()).contains(" sft (validation), raw (validation): ");
        CommandResult verified = run("verify", "--in", to);
        assertThat(verified.code()).as(verified.err()).isZero();
        assertThat(verified.out())
                .startsWith("verified " + to + ", version v1 (")
                .containsPattern("\n  sft +validation +\\d rows in \\d files; world sizes 1")
                .doesNotContain(" train ");
        assertThat(run("verify", at + "@v1").out())
                .containsPattern("\n  sft +train +\\d+ rows in 8 files; world sizes 1, 2, 4, 8\n");
        Files.writeString(folder.resolve("v1/sft/validation/more.parquet"), "x");
        CommandResult foreign = run("verify", "--in", to);
        assertThat(foreign.code()).isEqualTo(3);
        assertThat(foreign.err().lines()).anyMatch(line -> line.startsWith("sft/validation/more.parquet: "));
        assertThat(run("verify", at, "--in", to).code()).isEqualTo(2);
    }

    private static CommandResult run(String... arguments) {
        return CommandResult.run(arguments);
    }
}
