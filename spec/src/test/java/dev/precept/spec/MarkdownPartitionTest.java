package dev.precept.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** For random texts: no line is lost, none is in two outermost sections, and every section ends at the right line. */
class MarkdownPartitionTest {
    private static final List<String> PLAIN = List.of(
            "",
            "  ",
            "text",
            "#tag",
            "    # code",
            "####### seven",
            "> # quote",
            "``",
            "~~",
            "a ``` b",
            "```a```",
            "====");
    private static final List<String> FENCED = List.of(
            "",
            "# heading {#no}",
            "## other",
            "``",
            "~~ ",
            "``` info",
            "~~~ info",
            "    ```````",
            "    ~~~~~~~",
            "text");

    /** A random text with the positions of its headings. */
    private static final class RandomMarkdown {
        private final List<String> lines = new ArrayList<>();
        private final List<int[]> headings = new ArrayList<>();
        private final Random random;

        RandomMarkdown(Random random) {
            this.random = random;
            for (int parts = random.nextInt(30); parts > 0; parts--) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> heading();
                    case 2 -> fence();
                    default -> lines.add(PLAIN.get(random.nextInt(PLAIN.size())));
                }
            }
        }

        private void heading() {
            int level = 1 + random.nextInt(6);
            headings.add(new int[] {lines.size(), level});
            String words =
                    random.nextBoolean() ? " Words {#id-" + lines.size() + "}" : random.nextBoolean() ? "" : " W";
            lines.add(" ".repeat(random.nextInt(4)) + "#".repeat(level) + words);
        }

        private void fence() {
            int length = 3 + random.nextInt(3);
            String mark = random.nextBoolean() ? "`" : "~";
            lines.add(" ".repeat(random.nextInt(4)) + mark.repeat(length) + (random.nextBoolean() ? "xml" : ""));
            for (int inner = random.nextInt(6); inner > 0; inner--) {
                lines.add(FENCED.get(random.nextInt(FENCED.size())));
            }
            lines.add(" ".repeat(random.nextInt(4))
                    + mark.repeat(length + random.nextInt(3))
                    + " ".repeat(random.nextInt(2)));
        }

        int end(int heading) {
            for (int later = heading + 1; later < headings.size(); later++) {
                if (headings.get(later)[1] <= headings.get(heading)[1]) {
                    return headings.get(later)[0];
                }
            }
            return lines.size();
        }
    }

    @Test
    void randomTextsAreSplitExactlyAtTheirHeadings() {
        Random random = Seed.random("MarkdownPartitionTest");
        for (int round = 0; round < 5_000; round++) {
            RandomMarkdown randomMarkdown = new RandomMarkdown(random);
            String text = String.join(random.nextBoolean() ? "\n" : "\r\n", randomMarkdown.lines);
            Markdown markdown = Markdown.parse(text);
            assertThat(markdown.problems()).as(text).isEmpty();
            assertThat(markdown.sections()).as(text).hasSameSizeAs(randomMarkdown.headings);
            for (int i = 0; i < randomMarkdown.headings.size(); i++) {
                Markdown.Section section = markdown.sections().get(i);
                assertThat(new int[] {section.from(), section.heading().level(), section.to()})
                        .as(text)
                        .containsExactly(
                                randomMarkdown.headings.get(i)[0],
                                randomMarkdown.headings.get(i)[1],
                                randomMarkdown.end(i));
            }
            assertThat(partition(markdown))
                    .as(text)
                    .isEqualTo(text.lines().toList().isEmpty() ? List.of("") : randomMarkdown.lines);
        }
    }

    /** The lines before the first heading, followed by those of each outermost section. */
    private static List<String> partition(Markdown markdown) {
        List<String> lines = new ArrayList<>();
        int covered = markdown.sections().isEmpty()
                ? markdown.lines().size()
                : markdown.sections().getFirst().from();
        lines.addAll(markdown.lines().subList(0, covered));
        for (Markdown.Section section : markdown.sections()) {
            if (section.from() >= covered) {
                lines.addAll(markdown.lines().subList(section.from(), section.to()));
                covered = section.to();
            }
        }
        return lines;
    }
}
