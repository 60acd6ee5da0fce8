package dev.precept.spec;

import dev.precept.content.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Markdown text split at its headings. A {@code #} inside a code fence is text.
 *
 * @param lines all lines, without line ends
 * @param sections one per heading, in order; a section includes those of lower levels
 * @param problems problems of the text, in order
 */
record Markdown(List<String> lines, List<Section> sections, List<Problem> problems) {

    /** From a heading to the next of the same or a higher level; lines are 0-based, {@code to} is exclusive. */
    record Section(Heading heading, int from, int to) {}

    /** @param line 1-based */
    record Problem(int line, String what) {}

    /** A clause and the 1-based line of its heading. */
    record LocatedClause(Clause clause, int line) {}

    static Markdown parse(String text) {
        List<String> lines =
                List.of(text.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1));
        List<Problem> problems = new ArrayList<>();
        List<Section> headings = headings(lines, problems);
        return new Markdown(lines, withEnds(headings, lines.size()), List.copyOf(problems));
    }

    /** The sections whose heading has an id, in order. */
    List<LocatedClause> clauses() {
        List<LocatedClause> clauses = new ArrayList<>();
        for (Section section : sections) {
            Label label = section.heading().label();
            if (label != null) {
                clauses.add(new LocatedClause(clause(section, label), section.from() + 1));
            }
        }
        return clauses;
    }

    /**
     * The text with ids alone in its headings. Attributes are for programs and the author: one such as an expected action
     * would tell a model what to answer.
     */
    String withoutAttributes() {
        List<String> plain = new ArrayList<>(lines);
        for (Section section : sections) {
            Label label = section.heading().label();
            if (label != null && !label.attributes().isEmpty()) {
                String line = lines.get(section.from());
                plain.set(section.from(), line.substring(0, line.lastIndexOf("{#")) + "{#" + label.id() + "}");
            }
        }
        return String.join("\n", plain);
    }

    private Clause clause(Section section, Label label) {
        String text =
                String.join("\n", lines.subList(section.from(), section.to())).stripTrailing();
        Heading heading = section.heading();
        return new Clause(label.id(), heading.level(), heading.text(), label.attributes(), text, Sha256.hex(text));
    }

    /** Every heading as a section that extends to the end of the text. */
    private static List<Section> headings(List<String> lines, List<Problem> problems) {
        List<Section> headings = new ArrayList<>();
        @Nullable Fence fence = null;
        int opened = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (fence != null) {
                fence = fence.isClosedBy(line) ? null : fence;
            } else if (Heading.levelOf(line) > 0) {
                headings.add(new Section(heading(line, i, problems), i, lines.size()));
            } else {
                fence = Fence.openedBy(line);
                opened = i + 1;
            }
        }
        if (fence != null) {
            problems.add(new Problem(
                    opened,
                    "unclosed code fence, so the rest of the file is code; close it with a line of " + fence.length()
                            + " or more " + fence.mark()));
        }
        return headings;
    }

    private static Heading heading(String line, int index, List<Problem> problems) {
        try {
            return Heading.parse(line);
        } catch (SpecException e) {
            problems.add(new Problem(index + 1, e.problems().getFirst()));
            return Heading.unlabelled(line);
        }
    }

    private static List<Section> withEnds(List<Section> headings, int end) {
        Section[] sections = new Section[headings.size()];
        // For each level, the line of the next heading of this or a higher level.
        int[] next = new int[7];
        Arrays.fill(next, end);
        for (int i = sections.length - 1; i >= 0; i--) {
            Section section = headings.get(i);
            int level = section.heading().level();
            sections[i] = new Section(section.heading(), section.from(), next[level]);
            Arrays.fill(next, level, next.length, section.from());
        }
        return List.of(sections);
    }
}
