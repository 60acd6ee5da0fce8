package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Follows pages of the documentation word by word in an empty folder: runs each {@code sh} block with a shell, in their
 * order, and compares its output with the {@code text} block below it, in which {@code …} stands for any text.
 */
class DocumentedCommandsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void thePageOnSpecificationsIsTrue() throws IOException, InterruptedException {
        assertThat(follow("docs/how-to/specification.md")).isPositive();
    }

    @ParameterizedTest
    @Tag("large")
    @ValueSource(
            strings = {
                "docs/tutorial.md",
                "docs/how-to/tuning.md",
                "docs/how-to/troubleshooting.md",
                "docs/how-to/evaluate.md"
            })
    void theLongPagesAreTrue(String page) throws IOException, InterruptedException {
        assertThat(follow(page)).isGreaterThan(3);
    }

    /** @return the number of blocks that were run */
    private int follow(String name) throws IOException, InterruptedException {
        DocumentedShell shell = new DocumentedShell(folder);
        List<MarkdownPage.Block> blocks = MarkdownPage.read(name).blocks();
        int run = 0;
        for (int i = 0; i < blocks.size(); i++) {
            MarkdownPage.Block block = blocks.get(i);
            if (!block.language().equals("sh") || block.notRun() || (block.needsPython() && !shell.hasPython())) {
                continue;
            }
            String output = shell.run(block);
            run++;
            if (i + 1 < blocks.size() && blocks.get(i + 1).language().equals("text")) {
                requireOutput(blocks.get(i + 1), output);
            }
        }
        return run;
    }

    private static void requireOutput(MarkdownPage.Block expected, String output) {
        String pattern = expected.text()
                .lines()
                .map(line -> List.of(line.strip().split("…", -1)).stream()
                        .map(part -> part.isEmpty() ? "" : Pattern.quote(part))
                        .collect(Collectors.joining(".*")))
                .collect(Collectors.joining(".*", "(?s).*", ".*"));
        assertThat(output.lines().map(String::strip).collect(Collectors.joining("\n")))
                .as(expected.where())
                .matches(pattern);
    }
}
